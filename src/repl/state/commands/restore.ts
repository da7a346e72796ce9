import { step } from '../step.ts';
import type { ColonCommand } from './command.ts';

export const restore: ColonCommand = {
  name: 'restore',
  help: 'after the shell ended: bring back its variables, functions and directory',
  run: (state) => step(state, { type: 'restore' }),
};
