import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAX_COMMAND_BYTES } from '../../../src/api/execution.ts';
import { routes } from '../../../src/api/routes.ts';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';
import { execute, launch, whenStatus } from './commands.ts';
import { get, post } from './raw-client.ts';

let devbox: TestDevbox;
beforeAll(async () => {
  devbox = await startTestDevbox();
});
afterAll(() => devbox[Symbol.asyncDispose]());

test('execute answers with the completed execution', async () => {
  const view = await execute(devbox, 'echo out; echo err >&2; exit 7');
  expect(view).toMatchObject({
    devbox_id: 'local',
    status: 'completed',
    exit_status: 7,
    stdout: 'out\n',
    stderr: 'err\n',
    stdout_truncated: false,
    stderr_truncated: false,
    nsh: { command: 'echo out; echo err >&2; exit 7', stdout_bytes: 4, stderr_bytes: 4 },
  });
  expect(view.shell_name).toBeUndefined();
});

test('a named shell keeps its directory, variables and $?; commands without a name share nothing', async () => {
  await execute(devbox, 'cd /tmp; export A=1; f() { echo "f $1"; }', 'state');
  expect((await execute(devbox, 'false', 'state')).exit_status).toBe(1);
  const view = await execute(devbox, 'echo $? $A $PWD; f x', 'state');
  expect(view).toMatchObject({ stdout: '1 1 /tmp\nf x\n', shell_name: 'state', nsh: { cwd: '/tmp' } });
  expect((await execute(devbox, 'echo "[$A]" $PWD')).stdout).toBe(`[] ${devbox.home}\n`);
});

test('execute answers with the running execution when its hold is over, and the command goes on', async () => {
  const answer = await post(devbox, routes.execute('local'), {
    command: 'read x; echo "got $x"',
    command_id: randomUUID(),
    shell_name: 'hold',
    optimistic_timeout: 0,
  });
  expect(answer.status).toBe(200);
  expect(answer.body.status).not.toBe('completed');
  expect(answer.body).not.toHaveProperty('exit_status');
  expect(answer.body).not.toHaveProperty('stdout');
  const view = await whenStatus(devbox, answer.body.execution_id);
  expect(view).toMatchObject({ exit_status: 0, stdout: 'got \n' });
});

test('execute_sync holds until the end and answers in its own form', async () => {
  const answer = await post(devbox, routes.executeSync('local'), {
    command: 'echo x; exit 3',
    shell_name: 'sync',
  });
  expect(answer.body).toEqual({
    devbox_id: 'local',
    exit_status: 3,
    stdout: 'x\n',
    stderr: '',
    shell_name: 'sync',
  });
});

test('last_n cuts from the front and says so, for each stream', async () => {
  const id = await launch(devbox, 'seq 5; echo e >&2');
  await whenStatus(devbox, id);
  const view = (await get(devbox, `${routes.execution('local', id)}?last_n=2`)).body;
  expect(view).toMatchObject({
    stdout: '4\n5\n',
    stdout_truncated: true,
    stderr: 'e\n',
    stderr_truncated: false,
  });
  const none = (await get(devbox, `${routes.execution('local', id)}?last_n=0`)).body;
  expect(none).toMatchObject({ stdout: '', stdout_truncated: true });
  const wrong = await get(devbox, `${routes.execution('local', id)}?last_n=many`);
  expect(wrong).toMatchObject({ status: 400, body: { code: 'query_invalid' } });
});

test('a view carries 100 lines when nothing else is asked', async () => {
  const view = await execute(devbox, 'seq 150');
  expect(view.stdout.split('\n').slice(0, 2)).toEqual(['51', '52']);
  expect(view.stdout_truncated).toBe(true);
});

test.each([
  ['an empty command', { command: '' }, 400, 'command_empty'],
  ['NUL in a command', { command: 'echo a\0b' }, 400, 'command_has_nul'],
  ['a command over 1 MiB', { command: 'x'.repeat(MAX_COMMAND_BYTES + 1) }, 413, 'command_too_long'],
  ['a control character in a name', { command: ':', shell_name: 'a\u0007' }, 400, 'shell_name_invalid'],
  ['an empty name', { command: ':', shell_name: '' }, 400, 'shell_name_invalid'],
  ['no command', {}, 400, 'body_invalid'],
  ['a command of another type', { command: 1 }, 400, 'body_invalid'],
])('refused: %s', async (_, body, status, code) => {
  const answer = await post(devbox, routes.executeAsync('local'), body);
  expect(answer).toMatchObject({ status, body: { code } });
});

test('white space alone is a command that does nothing', async () => {
  expect(await execute(devbox, ' \n')).toMatchObject({ exit_status: 0, stdout: '', stderr: '' });
});

test('1 MiB of command text runs, also where JSON needs six bytes for each of its own', async () => {
  const command = `: '${'\u0001'.repeat(MAX_COMMAND_BYTES - 4)}'`;
  expect((await execute(devbox, command)).exit_status).toBe(0);
});

test('background jobs of a command without a shell live on after it', async () => {
  const view = await execute(
    devbox,
    '(while [ ! -e go ]; do sleep 0.02; done; echo done >fifo) & mkfifo fifo',
  );
  expect(view.exit_status).toBe(0);
  expect((await execute(devbox, 'touch go; cat fifo')).stdout).toBe('done\n');
});

test('commands without a shell run side by side', async () => {
  const first = await launch(devbox, 'mkfifo meet; cat meet');
  await whenStatus(devbox, first, 'running');
  await execute(devbox, 'until [ -p meet ]; do :; done; echo hello >meet');
  expect((await whenStatus(devbox, first)).stdout).toBe('hello\n');
});

test.each([
  ['execute', routes.execute('local'), { command_id: 'merged' }],
  ['execute_sync', routes.executeSync('local'), {}],
])('merge_stderr of %s: one stream, in the order in which it was written', async (_, path, more) => {
  const command = 'for i in {1..200}; do echo $i; echo $i >&2; done';
  const { status, body } = await post(devbox, path, {
    command,
    merge_stderr: true,
    shell_name: 'merged',
    ...more,
  });
  expect(status).toBe(200);
  expect(body.stdout).toBe(
    Array.from({ length: 200 }, (_, n) => `${n + 1}\n`.repeat(2))
      .join('')
      .slice(-body.stdout.length),
  );
  expect(body.stdout.length).toBeGreaterThan(200);
  expect(body.stderr).toBe('');
});

test('merge_stderr holds for its command alone, and the view says so', async () => {
  const { body } = await post(devbox, routes.executeAsync('local'), {
    command: 'echo err >&2',
    merge_stderr: true,
    shell_name: 'merged',
  });
  const view = await whenStatus(devbox, body.execution_id);
  expect(view).toMatchObject({ stdout: 'err\n', stderr: '', nsh: { merge_stderr: true } });
  const next = await execute(devbox, 'echo err >&2', 'merged');
  expect(next).toMatchObject({ stdout: '', stderr: 'err\n' });
  expect(next.nsh).not.toHaveProperty('merge_stderr');
});
