import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';
import { sendSignal } from '../../helpers/send-signal.ts';
import { execute, launch, whenStatus } from './commands.ts';
import { get, post, send } from './raw-client.ts';

let devbox: TestDevbox;
beforeAll(async () => {
  devbox = await startTestDevbox();
});
afterAll(() => devbox[Symbol.asyncDispose]());

/** A command that runs until its stdin ends. */
const untilEof = (name: string) => launch(devbox, 'cat >/dev/null', name, true);
const endInput = (id: string) => post(devbox, routes.sendStdIn('local', id), { signal: 'EOF' });
const shell = async (name: string) => (await get(devbox, routes.shell('local', name))).body;

test('commands of one shell run one after the other, in the order they were sent', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 30; n++)
    ids.push(await launch(devbox, `echo ${n} >>order.txt; sleep 0.00$((RANDOM % 9))`, 'order'));
  await whenStatus(devbox, ids.at(-1) ?? '');
  const expected = Array.from({ length: 30 }, (_, n) => `${n}\n`).join('');
  expect((await execute(devbox, 'cat order.txt', 'order')).stdout).toBe(expected);
});

test('the queue shows the running command first, then those that wait', async () => {
  const running = await untilEof('queue');
  const waiting = [await launch(devbox, 'echo 1', 'queue'), await launch(devbox, 'echo 2', 'queue')];
  await whenStatus(devbox, running, 'running');
  const view = await shell('queue');
  expect(view).toMatchObject({ devbox_id: 'local', shell_name: 'queue', state: 'running', cwd: devbox.home });
  expect(view.last_number).toBe(3);
  expect(view.queue).toMatchObject([
    { execution_id: running, number: 1, status: 'running', command: 'cat >/dev/null' },
    { execution_id: waiting[0], status: 'queued', command: 'echo 1' },
    { execution_id: waiting[1], status: 'queued' },
  ]);
  expect(view.queue[0].started_at_ms).toBeGreaterThanOrEqual(view.queue[0].queued_at_ms);
  expect(view.queue[1]).not.toHaveProperty('started_at_ms');
  await endInput(running);
  await whenStatus(devbox, waiting[1] ?? '');
  expect(await shell('queue')).toMatchObject({ state: 'idle', queue: [] });
});

test('kill takes a waiting command out of the queue; the others run', async () => {
  const running = await untilEof('cancel');
  const doomed = await launch(devbox, 'touch cancelled.txt', 'cancel');
  const last = await launch(devbox, 'ls cancelled.txt', 'cancel');
  const killed = await post(devbox, routes.kill('local', doomed));
  expect(killed.body).toMatchObject({
    status: 'completed',
    exit_status: 130,
    stdout: '',
    nsh: { end_reason: 'cancelled', message: 'cancelled before it ran' },
  });
  expect(killed.body.nsh).not.toHaveProperty('started_at_ms');
  await endInput(running);
  expect((await whenStatus(devbox, last)).exit_status).not.toBe(0);
});

test('kill with only_queued takes what waits, and leaves alone what has begun or ended', async () => {
  const running = await untilEof('only-queued');
  const doomed = await launch(devbox, 'touch never.txt', 'only-queued');
  await whenStatus(devbox, running, 'running');
  const cancel = async (id: string) =>
    (await post(devbox, routes.kill('local', id), { only_queued: true })).body;
  expect((await cancel(doomed)).nsh).toMatchObject({
    end_reason: 'cancelled',
    message: 'cancelled before it ran',
  });
  expect(await cancel(running)).toMatchObject({ status: 'running' });
  expect((await cancel(doomed)).nsh).toMatchObject({ end_reason: 'cancelled' });
  await endInput(running);
  await whenStatus(devbox, running);
  expect(await cancel(running)).toMatchObject({ exit_status: 0, nsh: { end_reason: 'exited' } });
});

test('of many that are cancelled while they begin each either ran or was cancelled', async () => {
  const gate = await untilEof('begin');
  const ids: string[] = [];
  for (let n = 0; n < 40; n++) ids.push(await launch(devbox, `echo ${n}`, 'begin'));
  await endInput(gate);
  const answers = await Promise.all(
    ids.map((id) => post(devbox, routes.kill('local', id), { only_queued: true })),
  );
  for (const [n, id] of ids.entries()) {
    const { stdout, nsh } = await whenStatus(devbox, id);
    const cancelled = answers[n]?.body.nsh.end_reason === 'cancelled';
    expect([nsh.end_reason, stdout]).toEqual(cancelled ? ['cancelled', ''] : ['exited', `${n}\n`]);
  }
});

test('kill ends the running command; the shell and its state stay', async () => {
  await execute(devbox, 'cd /tmp; V=1', 'kill');
  const id = await launch(devbox, 'sleep 1000 | sleep 1000', 'kill');
  await whenStatus(devbox, id, 'running');
  await post(devbox, routes.kill('local', id), { kill_process_group: true });
  expect(await whenStatus(devbox, id)).toMatchObject({ exit_status: 137, nsh: { end_reason: 'exited' } });
  expect((await execute(devbox, 'echo $V $PWD', 'kill')).stdout).toBe('1 /tmp\n');
});

test('an interrupt ends the running command; the shell and its state stay', async () => {
  await execute(devbox, 'V=1', 'interrupt');
  const id = await launch(devbox, 'echo begun; while :; do :; done', 'interrupt');
  await whenStatus(devbox, id, 'running');
  const answer = await post(devbox, routes.sendStdIn('local', id), { signal: 'INTERRUPT' });
  expect(answer.body).toEqual({ devbox_id: 'local', execution_id: id, success: true });
  expect((await whenStatus(devbox, id)).exit_status).toBe(130);
  expect((await execute(devbox, 'echo $V', 'interrupt')).stdout).toBe('1\n');
});

test('an interrupt reaches the next command even before its bash has started', async () => {
  const id = await launch(devbox, 'sleep 1000', 'early');
  await post(devbox, routes.sendStdIn('local', id), { signal: 'INTERRUPT' });
  expect((await whenStatus(devbox, id)).exit_status).toBe(130);
});

test('an interrupt of what waits behind others does nothing and says so', async () => {
  const running = await untilEof('behind');
  const waiting = await launch(devbox, 'echo ran', 'behind');
  await whenStatus(devbox, running, 'running');
  const answer = await post(devbox, routes.sendStdIn('local', waiting), { signal: 'INTERRUPT' });
  expect(answer.body.success).toBe(false);
  await endInput(running);
  expect((await whenStatus(devbox, waiting)).stdout).toBe('ran\n');
});

test('kill and interrupt of a completed execution change nothing', async () => {
  const before = await execute(devbox, 'exit 4');
  const killed = await post(devbox, routes.kill('local', before.execution_id));
  expect(killed.body).toEqual(before);
  const interrupted = await post(devbox, routes.sendStdIn('local', before.execution_id), {
    signal: 'INTERRUPT',
  });
  expect(interrupted).toMatchObject({ status: 200, body: { success: false } });
});

test('exit with commands behind it: they are cancelled, the next one gets a fresh shell and is told so', async () => {
  await execute(devbox, 'cd /tmp; A=1', 'exit');
  const gate = await untilEof('exit');
  const exit = await launch(devbox, 'exit 3', 'exit');
  const behind = [
    await launch(devbox, 'touch ran.txt', 'exit'),
    await launch(devbox, 'touch ran.txt', 'exit'),
  ];
  await endInput(gate);
  expect(await whenStatus(devbox, exit)).toMatchObject({
    exit_status: 3,
    nsh: { end_reason: 'shell_ended', message: expect.stringContaining('bash exited with 3') },
  });
  for (const id of behind) {
    expect(await whenStatus(devbox, id)).toMatchObject({
      exit_status: 130,
      nsh: {
        end_reason: 'cancelled',
        message: 'the shell ended (bash exited with 3) before this command ran',
      },
    });
  }
  expect(await shell('exit')).toMatchObject({ state: 'ended', cwd: devbox.home, queue: [] });
  expect(await shell('exit')).not.toHaveProperty('pid');
  const fresh = await execute(devbox, 'echo "[$A]" $PWD; ls ran.txt /tmp/ran.txt', 'exit');
  expect(fresh).toMatchObject({ stdout: `[] ${devbox.home}\n`, nsh: { fresh_shell: true } });
  expect((await execute(devbox, ':', 'exit')).nsh).not.toHaveProperty('fresh_shell');
});

test('a bash that is killed while idle is replaced', async () => {
  await execute(devbox, 'A=1', 'killed');
  const { pid } = await shell('killed');
  sendSignal(pid, 'SIGKILL');
  await expect.poll(async () => (await shell('killed')).state).toBe('ended');
  const view = await execute(devbox, 'echo "[$A]"', 'killed');
  expect(view).toMatchObject({ stdout: '[]\n', nsh: { fresh_shell: true } });
});

test('open makes a shell in a directory, or attaches to it as it is', async () => {
  const put = (body: unknown) =>
    send(devbox, { method: 'PUT', path: routes.shell('local', 'a/b %2F ü'), body });
  const created = await put({ cwd: '/tmp' });
  expect(created.body).toMatchObject({
    created: true,
    shell: { shell_name: 'a/b %2F ü', state: 'idle', cwd: '/tmp' },
  });
  expect(created.body.shell.pid).toBeGreaterThan(0);
  const attached = await put({ cwd: '/' });
  expect(attached.body).toMatchObject({
    created: false,
    shell: { cwd: '/tmp', pid: created.body.shell.pid },
  });
  expect((await execute(devbox, 'pwd', 'a/b %2F ü')).stdout).toBe('/tmp\n');
});

test('open of a shell whose bash ended starts another', async () => {
  await execute(devbox, 'exit', 'reopen');
  const answer = await send(devbox, {
    method: 'PUT',
    path: routes.shell('local', 'reopen'),
    body: { cwd: '/tmp' },
  });
  expect(answer.body).toMatchObject({ created: false, shell: { state: 'idle', cwd: '/tmp' } });
  expect((await execute(devbox, 'pwd', 'reopen')).nsh.fresh_shell).toBe(true);
});

test.each([
  ['relative', 'tmp'],
  ['missing', '/nowhere/at/all'],
  ['a file', '/etc/passwd'],
])('open refuses a directory that is %s, and makes no shell', async (_, cwd) => {
  const answer = await send(devbox, { method: 'PUT', path: routes.shell('local', 'bad-cwd'), body: { cwd } });
  expect(answer).toMatchObject({ status: 400, body: { code: 'cwd_invalid' } });
  expect((await get(devbox, routes.shell('local', 'bad-cwd'))).status).toBe(404);
});

test('a shell whose directory is gone says so and runs nothing elsewhere', async () => {
  await execute(devbox, 'mkdir -p gone');
  await send(devbox, {
    method: 'PUT',
    path: routes.shell('local', 'gone'),
    body: { cwd: `${devbox.home}/gone` },
  });
  await execute(devbox, `rmdir ${devbox.home}/gone; exit`, 'gone');
  const view = await execute(devbox, 'touch elsewhere.txt', 'gone');
  expect(view).toMatchObject({ exit_status: 126, nsh: { end_reason: 'cancelled' } });
  expect(view.nsh.message).toMatch(/could not be started.*gone/);
});

test('close ends the running command, cancels what waits, and forgets the shell', async () => {
  const running = await launch(devbox, 'sleep 1000', 'close');
  const waiting = await launch(devbox, 'echo ran', 'close');
  await whenStatus(devbox, running, 'running');
  const answer = await post(devbox, routes.closeShell('local', 'close'));
  expect(answer.body).toEqual({ closed: true });
  expect((await whenStatus(devbox, running)).nsh.end_reason).toBe('shell_ended');
  expect((await whenStatus(devbox, waiting)).nsh).toMatchObject({
    end_reason: 'cancelled',
    message: 'the shell was closed before this command ran',
  });
  expect((await get(devbox, routes.shell('local', 'close'))).body.code).toBe('shell_not_found');
  expect((await post(devbox, routes.closeShell('local', 'close'))).body).toEqual({ closed: false });
});

test('the list names every shell', async () => {
  await execute(devbox, ':', 'listed');
  const { shells } = (await get(devbox, routes.shells('local'))).body;
  expect(shells.map((entry: { shell_name: string }) => entry.shell_name)).toContain('listed');
});
