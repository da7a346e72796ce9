import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { lookAtProcesses } from '../../../src/devbox/engine/processes/process-look.ts';

test('who asks before a look begins shares it; who asks later gets a later one', async () => {
  const first = lookAtProcesses();
  expect(lookAtProcesses()).toBe(first);
  const look = await first;
  expect(look.all.get(process.pid)).toMatchObject({ pid: process.pid, ppid: process.ppid });
  const child = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const pid = child.pid ?? 0;
  expect(look.all.has(pid)).toBe(false);
  const later = await lookAtProcesses();
  expect(later.all.get(pid)?.pid).toBe(pid);
  if (later.tellsSessions) expect(later.session(pid).map((row) => row.pid)).toEqual([pid]);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect((await lookAtProcesses()).all.has(pid)).toBe(false);
});
