import { readName } from '../queue/command-name.ts';
import { beginEdit } from '../queue/edit-queued.ts';
import { print, step } from '../step.ts';
import type { ColonCommand } from './command.ts';
import { completeWaiting } from './complete-waiting.ts';

export const edit: ColonCommand = {
  name: 'edit',
  argument: 'N',
  help: 'bring the waiting command #N back into the line; it is replaced when you send it',
  complete: completeWaiting,
  run(state, argument) {
    const isMeant = readName(state, argument);
    const entry = isMeant && state.entries.find(isMeant);
    if (entry === undefined) {
      const told = ':edit takes the number of a waiting command, as in ":edit 7". See :queue.';
      return step(state, print(told, 'error'));
    }
    return beginEdit(state, entry.number);
  },
};
