import { readNumber } from '../ended.ts';
import { cancel as cancelEntry } from '../queue.ts';
import { print, step } from '../step.ts';
import type { ColonCommand } from './command.ts';
import { completeWaiting } from './complete-waiting.ts';

export const cancel: ColonCommand = {
  name: 'cancel',
  argument: 'N',
  help: 'drop the waiting command #N',
  complete: completeWaiting,
  run(state, argument) {
    const number = readNumber(argument);
    if (number === undefined) {
      return step(
        state,
        print(':cancel takes the number of a waiting command, as in ":cancel 7". See :queue.', 'error'),
      );
    }
    return cancelEntry(state, number);
  },
};
