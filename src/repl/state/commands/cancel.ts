import { readName, typedName } from '../queue/command-name.ts';
import { cancel as cancelEntry } from '../queue/queue.ts';
import { print, step } from '../step.ts';
import type { ColonCommand } from './command.ts';
import { completeWaiting } from './complete-waiting.ts';

export const cancel: ColonCommand = {
  name: 'cancel',
  argument: 'N',
  help: 'drop the waiting command #N',
  complete: completeWaiting,
  run(state, argument) {
    const isMeant = readName(state, argument);
    if (isMeant === undefined) {
      return step(
        state,
        print(':cancel takes the number of a waiting command, as in ":cancel 7". See :queue.', 'error'),
      );
    }
    const entry = state.entries.find(isMeant);
    if (entry !== undefined) return cancelEntry(state, entry);
    const told = `There is no command ${typedName(argument)} in the queue: it has ended, or never was. See :queue.`;
    return step(state, print(told, 'error'));
  },
};
