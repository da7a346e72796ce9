import { blockNames, findBlock } from '../queue/ended.ts';
import { print, step } from '../step.ts';
import type { ColonCommand } from './command.ts';

export const show: ColonCommand = {
  name: 'show',
  argument: '[N]',
  help: 'the whole output of command #N, by default the newest, in $PAGER, else `less -R`; with --plain it is printed',
  brief: 'the whole output of a command in $PAGER',
  complete: ([, more], state) => (more === undefined ? blockNames(state) : []),
  run(state, argument) {
    const found = findBlock(state, 'show', argument);
    if ('problem' in found) return step(state, print(found.problem, 'error'));
    const { block, name } = found;
    const { number, executionId } = block;
    return step({ ...state, terminalLent: true }, { type: 'show-block', number, name, executionId });
  },
};
