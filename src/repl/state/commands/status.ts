import { connectionText } from '../status-line.ts';
import { print, step } from '../step.ts';
import type { ColonCommand } from './command.ts';

export const status: ColonCommand = {
  name: 'status',
  help: 'shell, devbox, working directory, connection',
  brief: 'shell, devbox, working directory, connection',
  run(state) {
    const rows = [
      ['shell', state.shell.name],
      ['devbox', state.devbox],
      ['cwd', state.shell.cwd ?? 'not told by this devbox'],
      ['connection', connectionText(state)],
      ['commands', `${state.entries.length} running or waiting`],
    ] as const;
    return step(state, print(rows.map(([key, value]) => `${key.padEnd(12)}${value}`).join('\n')), {
      type: 'refresh',
    });
  },
};
