import { leave } from '../leave.ts';
import type { ColonCommand } from './command.ts';

export const quit: ColonCommand = {
  name: 'quit',
  aliases: ['detach', 'q', 'exit'],
  help: 'detach; the shell lives on',
  run: (state) => leave(state),
};
