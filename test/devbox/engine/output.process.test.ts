import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bashes, label, startShell } from './shell-under-test.ts';

const SIZE = 5_000_003;

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe.each(bashes.map((bash) => [label(bash), bash] as const))('%s', (_name, bash) => {
  test('random bytes arrive exactly, on both streams at once', async () => {
    const shell = await startShell({ bash });
    const one = randomBytes(SIZE);
    const two = randomBytes(SIZE);
    writeFileSync(join(shell.folder, 'one'), one);
    writeFileSync(join(shell.folder, 'two'), two);
    const done = await shell.run('cat two >&2 | cat one; printf end; printf end >&2');
    expect(digest(done.bytes('stdout'))).toBe(digest(Buffer.concat([one, Buffer.from('end')])));
    expect(digest(done.bytes('stderr'))).toBe(digest(Buffer.concat([two, Buffer.from('end')])));
  });

  test('with background jobs that hold the streams, the result has every byte of the foreground', async () => {
    const shell = await startShell({ bash });
    const bytes = randomBytes(300_000);
    writeFileSync(join(shell.folder, 'data'), bytes);
    for (let round = 0; round < 25; round++) {
      const done = await shell.run('sleep 1000 & cat data; cat data >&2');
      expect(digest(done.bytes('stdout'))).toBe(digest(bytes));
      expect(digest(done.bytes('stderr'))).toBe(digest(bytes));
    }
  });

  test('stderr merged into stdout: the exact order, and its own stream gets nothing', async () => {
    const { session } = await startShell({ bash });
    const streams = { stdout: '', stderr: '' };
    const command =
      'for i in 1 2 3; do echo o$i; echo e$i >&2; done; nosuchcommand; exec 2>/dev/null; echo x >&2';
    const take = (stream: keyof typeof streams) => (chunk: Uint8Array) => {
      streams[stream] += Buffer.from(chunk).toString();
    };
    const merged = {
      command,
      stdin: 'none',
      stdout: take('stdout'),
      stderr: take('stderr'),
      mergeStderr: true,
    } as const;
    await session.run(merged).outcome;
    expect(streams.stdout).toMatch(/^o1\ne1\no2\ne2\no3\ne3\n.*not found\n$/);
    expect(streams.stderr).toBe('');
    await session.run({ ...merged, command: 'echo apart >&2', mergeStderr: false }).outcome;
    expect(streams.stderr).toBe('apart\n');
  });

  test('many small commands: none loses or mixes a byte', async () => {
    const shell = await startShell({ bash });
    for (let round = 0; round < 300; round++) {
      const done = await shell.run(`printf '${round}\\n'; printf 'e${round}' >&2`);
      expect([done.stdout, done.stderr]).toEqual([`${round}\n`, `e${round}`]);
    }
  });
});

test('late output goes to the command that started the job, and never into the next', async () => {
  const shell = await startShell();
  const first = await shell.run(
    'mkfifo gate; { read -r line <gate; echo "late $line"; echo lateerr >&2; } & echo now',
  );
  expect(first.result).toMatchObject({ kind: 'exited', exitStatus: 0 });
  expect(first.stdout).toBe('now\n');
  const second = await shell.run('echo 42 >gate; wait; echo second');
  await first.seen('late 42\n', 'late');
  await first.seen('lateerr\n', 'late');
  expect(second.stdout).toBe('second\n');
  expect(first.stdout).toBe('now\n');
});

test('a background job that never stops writing delays nothing', async () => {
  const shell = await startShell();
  const noisy = await shell.run('yes & echo $!');
  await noisy.seen('y\ny\n', 'late');
  expect((await shell.run('echo next')).stdout).toBe('next\n');
  const pid = Number(noisy.stdout.match(/\d+/)?.[0]);
  expect((await shell.run(`kill ${pid}; wait ${pid} 2>/dev/null; echo $?`)).stdout).toBe('143\n');
});

test('a FIFO is given back when its last writer is gone', async () => {
  const shell = await startShell();
  const files = () => readdirSync(join(shell.folder, 'shell'));
  const first = await shell.run('sleep 1000 >&2 & echo $!');
  const held = files();
  await shell.run(`kill ${first.stdout.trim()}; wait`);
  // The removal follows the end of file, which the event loop delivers.
  while (held.every((name) => files().includes(name))) await shell.run('true');
});

test('what a trap prints while the shell is idle is late output', async () => {
  const shell = await startShell();
  const last = await shell.run('trap "echo trapped" USR1');
  process.kill(shell.session.pid, 'SIGUSR1');
  await last.seen('trapped\n', 'late');
  expect(last.stdout).toBe('');
});

test('what a job writes as it is hung up by close, just before its end, is not lost', async () => {
  for (let round = 0; round < 12; round++) {
    const shell = await startShell();
    // bash passes its SIGHUP on, so a job may get two. It lives on for a while, each time another, so that its end falls anywhere between two looks at it.
    const job = `{ trap 'trap "" HUP; sleep 0.0${10 + 2 * round}; seq 2000; exit' HUP; touch armed; while :; do sleep 0.01; done; } 2>/dev/null &`;
    const last = await shell.run(job);
    await shell.run('until [ -e armed ]; do sleep 0.01; done');
    await shell.session.close();
    expect(last.late.length, `round ${round}`).toBe(8893);
  }
});
