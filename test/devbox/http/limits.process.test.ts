import { readdirSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';
import { childrenOf } from '../../helpers/process-facts.ts';
import { smallDisk } from '../../helpers/small-disk.ts';
import { isAlive } from '../engine/shell-under-test.ts';
import { BodyReader } from './body-reader.ts';
import { type ChildDevbox, startChildDevbox } from './child-devbox.ts';
import { execute, launch, whenStatus } from './commands.ts';
import { get, post, send } from './raw-client.ts';

const put = (devbox: TestDevbox, name: string) =>
  send(devbox, { method: 'PUT', path: routes.shell('local', name), body: {} });

const XFSZ_IGNORED = "trap '' XFSZ";
const sessionsOf = ({ stateDir }: TestDevbox) => readdirSync(join(stateDir, 'sessions')).length;
/** A shell's bash and its keeper. */
const PROCESSES = 2;

/** Nothing is left of shells that could not be started. The last of them may just be ending. */
const expectShells = async (devbox: ChildDevbox, count: number) => {
  if (process.platform === 'linux') {
    await expect.poll(() => childrenOf(devbox.pid).length, { timeout: 10_000 }).toBe(PROCESSES * count);
  }
  await expect.poll(() => sessionsOf(devbox), { timeout: 10_000 }).toBe(count);
};

test('without file descriptors left a new shell is refused with the reason; those there live on, and space helps', async () => {
  await using devbox = await startChildDevbox('ulimit -n 120');
  await execute(devbox, 'A=kept', 'first');
  let opened = 0;
  let refused = await put(devbox, 'shell-0');
  while (refused.status === 200 && opened < 100) refused = await put(devbox, `shell-${++opened}`);
  expect(refused).toMatchObject({
    status: 500,
    // Asking again at once would be in vain.
    headers: { 'x-should-retry': 'false' },
    body: { code: 'shell_not_started', message: expect.stringMatching(/EMFILE|too many open files/i) },
  });
  expect(refused.body.message).toMatch(/close shells, or raise its `ulimit -n`, then try again\.$/);
  for (let n = 0; n < 10; n++) expect((await put(devbox, `shell-${opened}`)).status).toBe(500);
  await expectShells(devbox, 1 + opened);
  expect((await get(devbox, routes.shell('local', `shell-${opened}`))).body.code).toBe('shell_not_found');
  expect(await execute(devbox, 'echo $A', 'first')).toMatchObject({ exit_status: 0, stdout: 'kept\n' });
  for (let n = 0; n < opened; n++) await post(devbox, routes.closeShell('local', `shell-${n}`));
  expect(await execute(devbox, 'echo $A again', 'first')).toMatchObject({ stdout: 'kept again\n' });
  expect(await execute(devbox, 'echo new', 'second')).toMatchObject({ stdout: 'new\n' });
});

test('connections that take all file descriptors: what runs goes on, and with them gone all is as it was', async () => {
  await using devbox = await startChildDevbox('ulimit -n 120');
  const id = await launch(devbox, 'A=kept; cat; seq 5', 'main', true);
  await whenStatus(devbox, id, 'running');
  const output = await BodyReader.open(devbox, routes.output('local', id, 'stdout'));
  const others: BodyReader[] = [];
  // The system takes a connection before the server can: the one that it has to let go gets no answer.
  const open = () => BodyReader.open(devbox, routes.shellEvents('local', 'main'));
  for (let refused = false; !refused; ) {
    refused = await open().then(
      (reader) => others.push(reader) > 200,
      () => true,
    );
  }
  expect(others.length).toBeLessThan(120);
  for (const other of others.splice(0, 10)) other.incoming.destroy();
  const isServed = () =>
    get(devbox, routes.server()).then(
      ({ status }) => status === 200,
      () => false,
    );
  await expect.poll(isServed).toBe(true);
  await post(devbox, routes.sendStdIn('local', id), { text: 'said\n' });
  await post(devbox, routes.sendStdIn('local', id), { signal: 'EOF' });
  expect(String(await output.atLeast(15))).toBe('said\n1\n2\n3\n4\n5\n');
  expect((await whenStatus(devbox, id)).exit_status).toBe(0);
  for (const other of others) other.incoming.destroy();
  expect(await execute(devbox, 'echo $A', 'main')).toMatchObject({ stdout: 'kept\n' });
  expect(await execute(devbox, 'echo new', 'second')).toMatchObject({ stdout: 'new\n' });
});

test('a shell can be closed, with its jobs, when no file descriptor is left to look at them with', async () => {
  await using devbox = await startChildDevbox('ulimit -n 120');
  const { stdout } = await execute(devbox, 'sleep 1000 & echo $!', 'main');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const close = (name: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const { socketPath = '' } = devbox.server;
      const path = routes.closeShell('local', name);
      request({ socketPath, agent, method: 'POST', path }, resolve).once('error', reject).end('{}');
    });
  // The connection is there before the others, and stays.
  (await close('nobody')).resume();
  const open = () => BodyReader.open(devbox, routes.shellEvents('local', 'main'));
  for (let refused = false; !refused; ) {
    refused = await open().then(
      () => false,
      () => true,
    );
  }
  const answer = await close('main');
  expect([answer.statusCode, await json(answer)]).toEqual([200, { closed: true }]);
  await expect.poll(() => isAlive(Number(stdout)), { timeout: 10_000 }).toBe(false);
});

test('a shell that cannot be noted on disk is not started, and leaves nothing behind', async () => {
  // Of the two places for a session's facts the second begins at 256 KiB.
  await using devbox = await startChildDevbox(`${XFSZ_IGNORED}; ulimit -f 255`);
  for (let round = 0; round < 5; round++) {
    const { status, body } = await put(devbox, 'main');
    expect([status, body.code]).toEqual([500, 'shell_not_started']);
    expect(body.message).toMatch(/sessions\/\S+: EFBIG\b.*raise its `ulimit -f`, then try again\.$/);
    const view = await execute(devbox, 'echo ran', 'main');
    expect(view).toMatchObject({ exit_status: 126, stdout: '', nsh: { end_reason: 'cancelled' } });
    expect(view.nsh.message).toMatch(/^bash could not be started: .*EFBIG.*, then send the command again$/);
  }
  await expectShells(devbox, 0);
});

test('a command that cannot be given to bash has not run, and says why; the shell is as it was', async () => {
  await using devbox = await startChildDevbox(`${XFSZ_IGNORED}; ulimit -f 300`);
  await execute(devbox, 'A=kept; cd /', 'main');
  const long = await execute(devbox, `A=lost; : ${'x'.repeat(400_000)}`, 'main');
  expect(long).toMatchObject({ exit_status: 126, stdout: '', stderr: '', nsh: { end_reason: 'cancelled' } });
  expect(long.nsh.message).toMatch(
    /^bash could not be given it through \/\S+: EFBIG\b.*raise its `ulimit -f`/,
  );
  expect(await execute(devbox, 'echo $A $PWD', 'main')).toMatchObject({ stdout: 'kept /\n' });
});

test('an output that the disk does not take: the command goes on, the newest is held, the view says why', async () => {
  // A file may not grow beyond 2 MiB: to the server that is what a full disk is, and it needs no privilege.
  await using devbox = await startChildDevbox(`${XFSZ_IGNORED}; ulimit -f 2048`);
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

test('a full disk under the state directory breaks no shell', async (context) => {
  const disk = smallDisk(context);
  await using devbox = await startTestDevbox({ stateDir: join(disk, 'state') });
  await execute(devbox, 'A=kept', 'main');
  await execute(devbox, ':', 'loud');
  await put(devbox, 'unused');
  const loud = await execute(devbox, 'head -c 20000000 /dev/zero', 'loud');
  expect(loud).toMatchObject({ exit_status: 0, nsh: { output_failure: expect.stringContaining('ENOSPC') } });
  // In a shell that is there: one of its own would give back its place as it ends.
  const fill = () => execute(devbox, `cat /dev/zero >>${disk}/filler`, 'loud');
  await fill();
  const long = await execute(devbox, `A=lost; : ${'x'.repeat(100_000)}`, 'main');
  expect(long).toMatchObject({ exit_status: 126, stdout: '', stderr: '', nsh: { end_reason: 'cancelled' } });
  expect(long.nsh.message).toMatch(
    /ENOSPC.*The disk is full: free some space there, then send the command again$/,
  );
  await fill();
  expect(await put(devbox, 'new')).toMatchObject({ status: 500, body: { code: 'shell_not_started' } });
  for (let n = 0; n < 5; n++)
    expect(await execute(devbox, 'sleep 1000 &', 'main')).toMatchObject({ exit_status: 0 });
  expect(await execute(devbox, 'echo $A; jobs -pr | wc -l', 'main')).toMatchObject({ stdout: 'kept\n5\n' });
  // What frees the space is a command too, also the first one of its shell.
  expect(await execute(devbox, `rm ${disk}/filler`, 'unused')).toMatchObject({ exit_status: 0 });
  expect(await execute(devbox, 'echo ran', 'new')).toMatchObject({ stdout: 'ran\n' });
  expect(await execute(devbox, `echo $A ${'x'.repeat(100_000)} | wc -c`, 'main')).toMatchObject({
    stdout: '100006\n',
  });
});
