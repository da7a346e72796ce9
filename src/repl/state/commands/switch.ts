import { unsent } from '../entries.ts';
import { plural } from '../plural.ts';
import { print, step } from '../step.ts';
import type { ColonCommand } from './command.ts';

export const switchShell: ColonCommand = {
  name: 'switch',
  argument: 'NAME',
  help: 'detach from this shell and attach to NAME; what runs goes on',
  complete: () => 'shells',
  run(state, argument) {
    if (argument === '')
      return step(state, print(':switch takes the name of a shell, as in ":switch build".', 'error'));
    if (argument === state.shell.name)
      return step(state, print(`${argument} is the shell you are on.`, 'dim'));
    const waiting = unsent(state).length;
    if (waiting > 0) {
      return step(
        state,
        print(
          `${plural(waiting, 'line')} not sent yet: wait, or drop what is held with :cancel N. See :queue.`,
          'error',
        ),
      );
    }
    return step(state, { type: 'switch', name: argument });
  },
};
