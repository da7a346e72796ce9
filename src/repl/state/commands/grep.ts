import { namedBlocks } from '../queue/ended.ts';
import { print, step } from '../step.ts';
import type { ColonCommand } from './command.ts';

export const grep: ColonCommand = {
  name: 'grep',
  argument: 'PATTERN',
  help: 'the lines of all output of this session that match; lower case finds upper case too',
  run(state, pattern) {
    if (pattern === '') {
      return step(state, print(':grep takes a regular expression, as in ":grep error|warn".', 'error'));
    }
    // What stands behind a backslash is no letter of the text.
    const flags = /\p{Lu}/u.test(pattern.replaceAll(/\\./g, '')) ? '' : 'i';
    try {
      new RegExp(pattern, flags);
    } catch (error) {
      const reason = (error as Error).message.replace(/^.*: /s, '');
      return step(state, print(`\`${pattern}\` is no regular expression: ${reason}.`, 'error'));
    }
    const blocks = namedBlocks(state);
    if (blocks.length === 0) return step(state, print('Nothing has run yet in this session.', 'dim'));
    return step(state, { type: 'search-blocks', pattern, flags, blocks, columns: state.columns });
  },
};
