import { blockNames, findBlock } from '../queue/ended.ts';
import { print, step } from '../step.ts';
import type { ColonCommand } from './command.ts';

export const copy: ColonCommand = {
  name: 'copy',
  argument: '[N]',
  help: 'the output of command #N, by default the newest, to the clipboard, as plain text; at most 74,994 bytes',
  complete: ([, more], state) => (more === undefined ? blockNames(state) : []),
  run(state, argument) {
    const found = findBlock(state, 'copy', argument);
    if ('problem' in found) return step(state, print(found.problem, 'error'));
    const { block, name } = found;
    const { number, executionId } = block;
    return step(state, { type: 'copy-block', number, name, executionId });
  },
};
