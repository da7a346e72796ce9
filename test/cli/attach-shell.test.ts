import { expect, test } from 'vitest';
import type { ShellView } from '../../src/api/extension/shell.ts';
import { reconnectHint } from '../../src/cli/commands/attach-shell.ts';
import { stopReport } from '../../src/cli/commands/stop.ts';

test.each([
  ['main', {}, 'nsh main'],
  ["it's mine", {}, "nsh 'it'\\''s mine'"],
  ['ls', {}, 'nsh --shell=ls'],
  ['-x', {}, 'nsh --shell=-x'],
  ['s', { devboxId: 'dbx_1' }, 'nsh --devbox dbx_1 s'],
  ['s', { devboxId: 'd', baseUrl: 'http://h:1/?a&b' }, "nsh --devbox d --base-url 'http://h:1/?a&b' s"],
])('how to come back to %j', (name, devbox, line) => {
  expect(reconnectHint(name, devbox)).toBe(line);
});

const shell = { devbox_id: 'local', cwd: '/', created_at_ms: 0, last_used_at_ms: 0, queue: [] };
const command = { execution_id: 'e', command: 'x', status: 'running', queued_at_ms: 0 } as const;

test.each<[ShellView[], string]>([
  [[], 'Stopped the local devbox; it had no shells.'],
  [[{ ...shell, shell_name: 'a', state: 'ended' }], 'Stopped the local devbox; it had no shells.'],
  [
    [
      { ...shell, shell_name: 'a', state: 'idle' },
      { ...shell, shell_name: 'b\u001b[2J', state: 'running', queue: [command, command] },
    ],
    'Stopped the local devbox with 2 shells (a, b^[[2J), and 2 unfinished commands.',
  ],
])('what stop says: %#', (shells, text) => {
  expect(stopReport(shells)).toBe(text);
});
