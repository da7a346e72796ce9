import { blockNames, findBlock } from '../queue/ended.ts';
import { sendAgain } from '../queue/send-line.ts';
import { print, step } from '../step.ts';
import type { ColonCommand } from './command.ts';

export const rerun: ColonCommand = {
  name: 'rerun',
  argument: '[N]',
  help: 'send command #N once more, by default the newest, behind what waits',
  complete: ([, more], state) => (more === undefined ? blockNames(state) : []),
  run(state, argument) {
    const found = findBlock(state, 'rerun', argument);
    if ('problem' in found) return step(state, print(found.problem, 'error'));
    return sendAgain(state, found.block.command, found.block.stdin);
  },
};
