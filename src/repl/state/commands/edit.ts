import { beginEdit } from '../edit-queued.ts';
import { readNumber } from '../ended.ts';
import { find } from '../entries.ts';
import { print, step } from '../step.ts';
import type { ColonCommand } from './command.ts';
import { completeWaiting } from './complete-waiting.ts';

export const edit: ColonCommand = {
  name: 'edit',
  argument: 'N',
  help: 'bring the waiting command #N back into the line; it is replaced when you send it',
  complete: completeWaiting,
  run(state, argument) {
    const number = readNumber(argument);
    if (number === undefined || find(state, number) === undefined) {
      const told = ':edit takes the number of a waiting command, as in ":edit 7". See :queue.';
      return step(state, print(told, 'error'));
    }
    return beginEdit(state, number);
  },
};
