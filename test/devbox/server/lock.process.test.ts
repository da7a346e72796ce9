import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LockTakenError, takeLock } from '../../../src/devbox/server/lock.ts';
import { identify } from '../../../src/devbox/server/process-identity.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'nsh-lock-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('of many that race, exactly one gets it, and says so to the others', async () => {
  const attempts = await Promise.allSettled(
    Array.from({ length: 20 }, (_, i) => takeLock(dir, 'l', `racer ${i}`)),
  );
  expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const attempt of attempts) {
    if (attempt.status === 'rejected') expect(attempt.reason).toBeInstanceOf(LockTakenError);
  }
});

test('of many that find a dead holder, exactly one takes it over', async () => {
  await writeFile(join(dir, 'l.7'), deadHolder());
  const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(dir, 'l', 'racer')));
  expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await readdir(dir)).toEqual(['l.8']);
});

test('a pid that another process has now is a dead holder', async () => {
  const alive = await identify(process.pid);
  await writeFile(
    join(dir, 'l.1'),
    JSON.stringify({ ...alive, startedAt: '1', what: 'old', released: false }),
  );
  await (await takeLock(dir, 'l', 'new')).release();
});

test('a live holder keeps it', async () => {
  const alive = await identify(process.pid);
  await writeFile(join(dir, 'l.1'), JSON.stringify({ ...alive, what: 'old', released: false }));
  await expect(takeLock(dir, 'l', 'new')).rejects.toThrow(`Process ${process.pid} holds it: old.`);
});

test('a file that is not whole holds nothing; released, it is free again', async () => {
  await writeFile(join(dir, 'l.1'), '{"pid":');
  const lock = await takeLock(dir, 'l', 'first');
  await expect(takeLock(dir, 'l', 'second')).rejects.toThrow(LockTakenError);
  await lock.release();
  await (await takeLock(dir, 'l', 'third')).release();
  expect(await readdir(dir)).toEqual(['l.3']);
});

function deadHolder(): string {
  const pid = Number(execFileSync('/bin/sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
  return JSON.stringify({ pid, startedAt: '1', what: 'dead', released: false });
}
