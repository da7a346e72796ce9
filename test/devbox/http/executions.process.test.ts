import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';
import { execute, launch, whenStatus } from './commands.ts';
import { get, post } from './raw-client.ts';

let devbox: TestDevbox;
beforeAll(async () => {
  devbox = await startTestDevbox();
});
afterAll(() => devbox[Symbol.asyncDispose]());

test('wait_for_status says when its hold is over, and that asking again is right', async () => {
  const id = await launch(devbox, 'cat', 'wait', true);
  const answer = await post(devbox, routes.waitForExecution('local', id), {
    statuses: ['completed'],
    timeout_seconds: 0.05,
  });
  expect(answer.status).toBe(408);
  expect(answer.headers['x-should-retry']).toBe('true');
  expect(answer.body).toMatchObject({ code: 'status_not_reached' });
  await post(devbox, routes.sendStdIn('local', id), { signal: 'EOF' });
  expect(await whenStatus(devbox, id)).toMatchObject({ status: 'completed', exit_status: 0 });
});

test('wait_for_status refuses what is no status', async () => {
  const { execution_id } = await execute(devbox, ':');
  const answer = await post(devbox, routes.waitForExecution('local', execution_id), { statuses: ['done'] });
  expect(answer).toMatchObject({ status: 400, body: { code: 'body_invalid' } });
  expect(answer.body.message).toContain('statuses.0');
});

test('stdin arrives in order, also when it is sent before the command runs', async () => {
  const gate = await launch(devbox, 'cat >/dev/null', 'stdin', true);
  const id = await launch(devbox, 'cat', 'stdin', true);
  for (const text of ['a\n', 'b\n', 'ü\n']) await post(devbox, routes.sendStdIn('local', id), { text });
  await post(devbox, routes.sendStdIn('local', id), { signal: 'EOF' });
  await post(devbox, routes.sendStdIn('local', gate), { signal: 'EOF' });
  expect((await whenStatus(devbox, id)).stdout).toBe('a\nb\nü\n');
});

test('stdin is refused where it cannot arrive', async () => {
  const without = await launch(devbox, 'sleep 1000', 'refused');
  const sendTo = (id: string, body: unknown) => post(devbox, routes.sendStdIn('local', id), body);
  expect(await sendTo(without, { text: 'x' })).toMatchObject({
    status: 400,
    body: { code: 'stdin_not_attached' },
  });
  expect((await sendTo(without, {})).body.code).toBe('body_invalid');
  expect((await sendTo(without, { text: 'x', signal: 'EOF' })).body.code).toBe('body_invalid');
  await post(devbox, routes.kill('local', without));
  await whenStatus(devbox, without);
  expect(await sendTo(without, { text: 'x' })).toMatchObject({
    status: 409,
    body: { code: 'execution_completed' },
  });
  const closed = await launch(devbox, 'sleep 1000', 'refused', true);
  await sendTo(closed, { signal: 'EOF' });
  expect(await sendTo(closed, { text: 'x' })).toMatchObject({ status: 409, body: { code: 'stdin_closed' } });
  await post(devbox, routes.kill('local', closed));
});

test('much input that nobody reads does not hold its sender', async () => {
  const id = await launch(devbox, 'sleep 1000', 'unread', true);
  await whenStatus(devbox, id, 'running');
  const answer = await post(devbox, routes.sendStdIn('local', id), { text: 'x'.repeat(500_000) });
  expect(answer.body.success).toBe(true);
  await post(devbox, routes.kill('local', id));
  expect((await whenStatus(devbox, id)).exit_status).toBe(137);
});

test('500 kB of input arrive whole', async () => {
  const id = await launch(devbox, 'wc -c', 'much', true);
  await post(devbox, routes.sendStdIn('local', id), { text: 'x'.repeat(500_000) });
  await post(devbox, routes.sendStdIn('local', id), { signal: 'EOF' });
  expect((await whenStatus(devbox, id)).stdout.trim()).toBe('500000');
});

test('the logs tell what was sent and how it ended, filtered by execution and shell', async () => {
  const a = await execute(devbox, 'exit 5', 'logs-a');
  const b = await execute(devbox, 'echo b', 'logs-b');
  const logs = async (query: string) => (await get(devbox, `${routes.logs('local')}?${query}`)).body.logs;
  expect(await logs(`execution_id=${a.execution_id}`)).toMatchObject([
    {
      source: 'exec',
      cmd: 'exit 5',
      cmd_id: a.execution_id,
      shell_name: 'logs-a',
      timestamp_ms: a.nsh.queued_at_ms,
    },
    { source: 'exec', exit_code: 5, cmd_id: a.execution_id, timestamp_ms: a.nsh.ended_at_ms },
  ]);
  expect(await logs('shell_name=logs-b')).toMatchObject([
    { cmd: 'echo b' },
    { message: 'b' },
    { exit_code: 0 },
  ]);
  expect(await logs(`shell_name=logs-a&execution_id=${b.execution_id}`)).toEqual([]);
});

test.each([
  ['GET', (id: string) => routes.execution('local', id)],
  ['GET', (id: string) => routes.stream('local', id, 'stdout')],
  ['GET', (id: string) => routes.output('local', id, 'stderr')],
  ['POST', (id: string) => routes.kill('local', id)],
  ['POST', (id: string) => routes.waitForExecution('local', id)],
  ['POST', (id: string) => routes.sendStdIn('local', id)],
])('an execution that does not exist: %s %s', async (method, route) => {
  const path = route('exec_nothing');
  const answer = await (method === 'GET' ? get(devbox, path) : post(devbox, path));
  expect(answer).toMatchObject({ status: 404, body: { code: 'execution_not_found' } });
});
