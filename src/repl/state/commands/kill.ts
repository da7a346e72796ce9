import { killRunning } from '../keys/signals.ts';
import type { ColonCommand } from './command.ts';

export const kill: ColonCommand = {
  name: 'kill',
  help: 'end the running command and its process group; the shell and its state stay',
  run: (state) => killRunning(state),
};
