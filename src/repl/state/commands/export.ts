import { namedBlocks } from '../queue/ended.ts';
import { print, step } from '../step.ts';
import type { ColonCommand } from './command.ts';

export const exportTranscript: ColonCommand = {
  name: 'export',
  argument: 'FILE',
  help: 'the commands of this session with output, exit and timing, as Markdown; overwrites nothing',
  run(state, file) {
    if (file === '') return step(state, print(':export takes a file, as in `:export session.md`.', 'error'));
    const blocks = namedBlocks(state);
    if (blocks.length === 0) return step(state, print('Nothing has run yet in this session.', 'dim'));
    const title = `${state.shell.name} on ${state.devbox}`;
    return step(state, { type: 'export', file, title, blocks });
  },
};
