import type { ShellSummary } from '../event.ts';
import type { ReplState } from '../state.ts';
import { print, type Step, step } from '../step.ts';
import type { ColonCommand } from './command.ts';

export const shells: ColonCommand = {
  name: 'shells',
  help: 'the shells of this devbox',
  brief: 'the shells of this devbox',
  run: (state) => step(state, { type: 'list-shells' }),
};

/** The answer. `undefined`: this devbox has no call that lists its shells. */
export function shellsListed(state: ReplState, listed: readonly ShellSummary[] | undefined): Step {
  if (listed === undefined) {
    return step(
      state,
      print(`${state.devbox} cannot list its shells; :switch NAME attaches to one by name.`, 'error'),
    );
  }
  const width = Math.max(0, ...listed.map(({ name }) => name.length));
  const lines = listed.map(({ name, state: word, cwd, waiting }) => {
    const here = name === state.shell.name ? '*' : ' ';
    const more = waiting > 0 ? `  +${waiting} queued` : '';
    return `${here} ${name.padEnd(width)}  ${word.padEnd(7)}  ${cwd}${more}`;
  });
  return step(state, print(lines.length === 0 ? 'This devbox has no shell yet.' : lines.join('\n')));
}
