import { enqueue } from '../queue/queue.ts';
import { inputToNext } from '../stdin-mode.ts';
import { andThen, print, step } from '../step.ts';
import type { ColonCommand } from './command.ts';

export const stdin: ColonCommand = {
  name: 'stdin',
  argument: 'COMMAND',
  help: 'run COMMAND with stdin: what is typed meanwhile goes to it, as after Ctrl-T',
  run(state, argument) {
    if (argument === '')
      return step(state, print(':stdin needs a command, as in `:stdin python3 -i`.', 'error'));
    return andThen(enqueue(state, argument, { stdin: true }), inputToNext);
  },
};
