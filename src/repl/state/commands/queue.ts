import { queueLine } from '../queue/queue-line.ts';
import { print, step } from '../step.ts';
import type { ColonCommand } from './command.ts';

export const queue: ColonCommand = {
  name: 'queue',
  help: 'all that runs and waits on this shell, with numbers',
  run(state) {
    if (state.entries.length === 0) return step(state, print('Nothing runs and nothing waits.', 'dim'));
    const lines = state.entries.map((entry) => {
      const { mark, word, detail, text, note } = queueLine(entry, state);
      return `${mark} ${word.padEnd(9)}${detail === '' ? '' : `${detail} `}${text}${note === '' ? '' : `  ${note}`}`;
    });
    return step(state, print(lines.join('\n')), { type: 'refresh' });
  },
};
