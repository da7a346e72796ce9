import type { ReplState } from '../state.ts';
import { print, type Step, step } from '../step.ts';
import { leaveFor, staysHere } from '../switching.ts';
import { nearest } from '../text/nearest.ts';
import type { ColonCommand } from './command.ts';

export const switchShell: ColonCommand = {
  name: 'switch',
  argument: 'NAME',
  help: 'detach from this shell and attach to NAME; what runs goes on',
  brief: 'attach to another shell; what runs goes on',
  complete: () => 'shells',
  run(state, argument) {
    if (argument === '')
      return step(state, print(':switch takes the name of a shell, as in ":switch build".', 'error'));
    if (argument === state.shell.name)
      return step(state, print(`${argument} is the shell you are on.`, 'dim'));
    return leaveFor(state, argument, 'there');
  },
};

/** The devbox has no such shell. @param shells the names of those it has */
export function noSuchShell(state: ReplState, name: string, shells: readonly string[]): Step {
  const guess = nearest(name, shells);
  const hint = guess === undefined ? '' : ` Did you mean ${guess}?`;
  const told = print(`There is no shell ${name}.${hint} ":new ${name}" makes it.`, 'error');
  return step(staysHere(state, name), told);
}
