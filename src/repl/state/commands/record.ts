import { step } from '../step.ts';
import type { ColonCommand } from './command.ts';

export const record: ColonCommand = {
  name: 'record',
  argument: '[FILE]',
  help: 'record the screen into FILE.cast for asciinema, until :record or the end; no keys, no other programs',
  run: (state, argument) => step(state, { type: 'record', file: argument === '' ? undefined : argument }),
};
