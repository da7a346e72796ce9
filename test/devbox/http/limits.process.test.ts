import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';
import { startChildDevbox } from './child-devbox.ts';
import { execute } from './commands.ts';
import { get, post, send } from './raw-client.ts';

const put = (devbox: TestDevbox, name: string) =>
  send(devbox, { method: 'PUT', path: routes.shell('local', name), body: {} });

test('without file descriptors left a new shell is refused with the reason; those there live on, and space helps', async () => {
  await using devbox = await startChildDevbox('ulimit -n 120');
  await execute(devbox, 'A=kept', 'first');
  let opened = 0;
  let refused = await put(devbox, 'shell-0');
  while (refused.status === 200 && opened < 100) refused = await put(devbox, `shell-${++opened}`);
  expect(refused).toMatchObject({
    status: 500,
    body: { code: 'shell_not_started', message: expect.stringMatching(/EMFILE|too many open files/i) },
  });
  expect((await get(devbox, routes.shell('local', `shell-${opened}`))).body.code).toBe('shell_not_found');
  expect(await execute(devbox, 'echo $A', 'first')).toMatchObject({ exit_status: 0, stdout: 'kept\n' });
  for (let n = 0; n < opened; n++) await post(devbox, routes.closeShell('local', `shell-${n}`));
  expect(await execute(devbox, 'echo $A again', 'first')).toMatchObject({ stdout: 'kept again\n' });
  expect(await execute(devbox, 'echo new', 'second')).toMatchObject({ stdout: 'new\n' });
});

test('an output that the disk does not take: the command goes on, the newest is held, the view says why', async () => {
  // A file may not grow beyond 2 MiB: to the server that is what a full disk is, and it needs no privilege.
  await using devbox = await startChildDevbox("trap '' XFSZ; ulimit -f 2048");
  const bytes = 90_000_000;
  const view = await execute(devbox, `A=kept; yes | head -c ${bytes}; echo err >&2`, 'main');
  expect(view).toMatchObject({ exit_status: 0, stderr: 'err\n' });
  expect(view.nsh).toMatchObject({ stdout_bytes: bytes, output_failure: expect.stringContaining('EFBIG') });
  const trimmed = view.nsh.stdout_trimmed_bytes;
  expect(trimmed).toBeGreaterThan(0);
  const held = (await get(devbox, routes.output('local', view.execution_id, 'stdout'))).bytes;
  expect(held.length).toBe(bytes - trimmed);
  expect(held.equals(Buffer.from('y\n'.repeat(held.length / 2)))).toBe(true);
  expect(await execute(devbox, 'echo $A', 'main')).toMatchObject({ stdout: 'kept\n' });
});

test('a state directory that takes no new shells says so; with it back, they start', async () => {
  await using devbox = await startTestDevbox();
  const sessions = join(devbox.stateDir, 'sessions');
  await rename(sessions, `${sessions}-away`);
  await writeFile(sessions, '');
  expect(await put(devbox, 'main')).toMatchObject({
    status: 500,
    body: { code: 'shell_not_started', message: expect.stringContaining(sessions) },
  });
  const view = await execute(devbox, 'echo ran', 'main');
  expect(view).toMatchObject({ exit_status: 126, stdout: '', nsh: { end_reason: 'cancelled' } });
  expect(view.nsh.message).toMatch(/^bash could not be started: .*sessions/);
  await rm(sessions);
  await mkdir(sessions, { mode: 0o700 });
  expect(await execute(devbox, 'echo ran', 'main')).toMatchObject({ exit_status: 0, stdout: 'ran\n' });
});

/** A file system of 3 MiB, where this user may mount one. */
function smallDisk(): string | undefined {
  const dir = mkdtempSync(join(tmpdir(), 'nsh-disk-'));
  try {
    execFileSync('/bin/sh', ['-c', 'mount -t tmpfs -o size=3m,mode=0700 tmpfs "$0"', dir], {
      stdio: 'ignore',
    });
    return dir;
  } catch {
    rmSync(dir, { recursive: true });
    return undefined;
  }
}

test('a full disk under the state directory breaks no shell', async (context) => {
  const disk = smallDisk();
  if (disk === undefined) context.skip('mounting is not permitted here');
  onTestFinished(() => {
    execFileSync('/bin/sh', ['-c', 'umount -l "$0"', disk ?? '']);
    rmSync(disk ?? '', { recursive: true, force: true });
  });
  await using devbox = await startTestDevbox({ stateDir: join(disk ?? '', 'state') });
  await execute(devbox, 'A=kept', 'main');
  const loud = await execute(devbox, 'head -c 20000000 /dev/zero', 'loud');
  expect(loud).toMatchObject({ exit_status: 0, nsh: { output_failure: expect.stringContaining('ENOSPC') } });
  await execute(devbox, `cat /dev/zero >${disk}/filler`);
  const long = await execute(devbox, `: ${'x'.repeat(100_000)}`, 'main');
  expect(long).toMatchObject({ exit_status: 126, stderr: expect.stringContaining('ENOSPC') });
  expect(await execute(devbox, 'echo $A', 'main')).toMatchObject({ stdout: 'kept\n' });
  await execute(devbox, `rm ${disk}/filler`, 'main');
  expect(await execute(devbox, `echo $A ${'x'.repeat(100_000)} | wc -c`, 'main')).toMatchObject({
    stdout: '100006\n',
  });
});
