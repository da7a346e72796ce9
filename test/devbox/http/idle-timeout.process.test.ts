import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';
import { execute, launch, whenStatus } from './commands.ts';
import { EventReader } from './event-reader.ts';
import { get, post, send } from './raw-client.ts';

let devbox: TestDevbox;
beforeAll(async () => {
  devbox = await startTestDevbox();
});
afterAll(() => devbox[Symbol.asyncDispose]());

const put = (name: string, body: unknown) =>
  send(devbox, { method: 'PUT', path: routes.shell('local', name), body });
const watch = (name: string) => EventReader.open(devbox, routes.shellEvents('local', name));

test('a shell that is idle for its time is closed, watched or not, and the event says why', async () => {
  const reader = await watch('short');
  await reader.first('snapshot');
  const { body } = await put('short', { idle_timeout_ms: 200 });
  expect(body.shell).toMatchObject({ idle_timeout_ms: 200, state: 'idle' });
  const closed = await reader.first('shell_closed');
  expect(closed).toMatchObject({
    reason: 'idle_timeout',
    message: 'the shell was closed: it was idle for its idle_timeout_ms',
  });
  expect(closed.time_ms - body.shell.last_used_at_ms).toBeGreaterThanOrEqual(199);
  expect((await get(devbox, routes.shell('local', 'short'))).body.code).toBe('shell_not_found');
  await expect.poll(() => isAlive(body.shell.pid)).toBe(false);
});

test('a running command is no idleness, however long; the time counts from its end', async () => {
  const reader = await watch('busy');
  const running = await launch(devbox, 'cat >/dev/null', 'busy', true);
  await whenStatus(devbox, running, 'running');
  await put('busy', { idle_timeout_ms: 50 });
  await execute(devbox, 'sleep 0.3');
  expect((await get(devbox, routes.shell('local', 'busy'))).body.state).toBe('running');
  await post(devbox, routes.sendStdIn('local', running), { signal: 'EOF' });
  const ended = await reader.first('completed', running);
  expect((await reader.first('shell_closed')).time_ms - ended.time_ms).toBeGreaterThanOrEqual(49);
});

test('a later PUT changes the time, leaves it, or takes it away', async () => {
  await put('changed', { idle_timeout_ms: 3_600_000 });
  expect((await put('changed', { cwd: '/tmp' })).body.shell.idle_timeout_ms).toBe(3_600_000);
  expect((await put('changed', { idle_timeout_ms: null })).body.shell).not.toHaveProperty('idle_timeout_ms');
  const reader = await watch('changed');
  await reader.first('snapshot');
  await put('changed', { idle_timeout_ms: 20 });
  expect(await reader.first('idle_timeout_changed')).toMatchObject({ idle_timeout_ms: 20 });
  expect(await reader.first('shell_closed')).toMatchObject({ reason: 'idle_timeout' });
});

test('a shell whose bash has ended is closed too', async () => {
  const reader = await watch('ended');
  await put('ended', { idle_timeout_ms: 150 });
  await execute(devbox, 'exit', 'ended');
  await reader.first('shell_closed');
  expect(reader.types()).toContain('shell_ended');
});

test.each([0, -1, 1.5, '1'])('an idle_timeout_ms of %s is refused', async (idle_timeout_ms) => {
  expect(await put('bad', { idle_timeout_ms })).toMatchObject({
    status: 400,
    body: { code: 'body_invalid', message: expect.stringContaining('idle_timeout_ms') },
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
