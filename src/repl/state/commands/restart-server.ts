import { print, step } from '../step.ts';
import type { ColonCommand } from './command.ts';

export const restartServer: ColonCommand = {
  name: 'restart-server',
  help: 'replace the background server by a fresh one; shells, and what runs in them, go on',
  run: (state) => step(state, print('restarting the server …', 'dim'), { type: 'restart-server' }),
};
