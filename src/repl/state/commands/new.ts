import type { ReplState } from '../state.ts';
import { print, type Step, step } from '../step.ts';
import { leaveFor, staysHere } from '../switching.ts';
import type { ColonCommand } from './command.ts';

export const newShell: ColonCommand = {
  name: 'new',
  argument: '[NAME]',
  help: 'make a shell and attach to it, with a name of its own when none is given; what runs here goes on',
  brief: 'make a shell and attach to it',
  run: (state, argument) => leaveFor(state, argument === '' ? undefined : argument, 'new'),
};

export function shellIsThere(state: ReplState, name: string): Step {
  const told =
    name === state.shell.name
      ? `${name} is the shell you are on.`
      : `${name} is there already: ":switch ${name}" attaches to it.`;
  return step(staysHere(state, name), print(told, 'error'));
}
