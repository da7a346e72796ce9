import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { nshHome } from '../helpers/nsh.ts';
import { sendSignal } from '../helpers/send-signal.ts';
import { openTerminal } from '../helpers/terminal.ts';

const root = path.join(import.meta.dirname, '../..');

/** Pids of the processes of a terminal whose command line holds the text. */
function running(terminalPid: number, text: string): number[] {
  const listed = execFileSync('ps', ['-o', 'pid=,args=', '-s', String(terminalPid)], { encoding: 'utf8' });
  return listed
    .split('\n')
    .filter((line) => line.includes(text) && !line.includes('set -m'))
    .map((line) => Number.parseInt(line, 10));
}

test.each(['SIGTERM', 'SIGHUP'] as const)('nsh ends when the npm that started it gets %s', async (signal) => {
  await using nsh = await nshHome();
  // Jobs of their own group, as in a shell at a terminal; the shell stays, and so does the terminal.
  const line = 'set -m; npm start --silent -- lasting; echo "npm ended"; read -r line';
  using terminal = openTerminal('bash', ['-c', line], { cwd: root, env: { ...nsh.env } });
  await terminal.waitFor('created lasting');
  const [npm] = running(terminal.pid, 'npm start');
  expect(running(terminal.pid, 'start.ts lasting').length).toBeGreaterThan(0);
  sendSignal(npm, signal);
  await terminal.waitFor('npm ended');
  await expect.poll(() => running(terminal.pid, 'start.ts lasting'), { timeout: 20_000 }).toEqual([]);
  // The shell lives on, as after every lost terminal.
  expect((await nsh.run(['ls'])).stdout).toMatch(/lasting +idle/);
});
