import { expect, test } from 'vitest';
import { DevboxClient, LOCAL_DEVBOX_ID, NamedShellError } from '../../src/index.ts';
import { startTestDevbox } from '../helpers/devbox-server.ts';
import { answer, drop, event, events, stall } from '../helpers/misbehaving-server.ts';
import { scripted } from './scripted.ts';
import { completed, EXECUTION_ID, running } from './views.ts';

async function open() {
  const devbox = await startTestDevbox();
  const client = new DevboxClient({ socketPath: devbox.server.socketPath ?? '' });
  return {
    shell: client.devbox.fromId(LOCAL_DEVBOX_ID).shell('limited'),
    async [Symbol.asyncDispose]() {
      await client.close();
      await devbox[Symbol.asyncDispose]();
    },
  };
}

async function errorOf(promise: Promise<unknown>): Promise<NamedShellError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof NamedShellError) return error;
  throw new Error('the call did not fail as it should', { cause: error });
}

/** For a server that does nothing of its own. */
const LIMIT = { timeoutMs: 300 };
/** Real commands have to be launched within it, on a busy machine too. */
const REAL_LIMIT = { timeoutMs: 1500 };

test('a command whose time is over is left alone by default, and said to go on', async () => {
  await using place = await open();
  const error = await errorOf(place.shell.exec('sleep 1000', REAL_LIMIT));
  expect(error).toMatchObject({ kind: 'timeout', command: 'left' });
  expect(error.message).toBe(
    `The command was not over within 1500 ms (timeoutMs). It goes on: wait again for execution ${error.executionId}, or kill it.`,
  );
  const execution = place.shell.execution(error.executionId ?? '');
  expect((await execution.getState()).status).not.toBe('completed');
  await execution.kill();
});

test('it is killed on request, with callbacks too, and the shell keeps its state', async () => {
  await using place = await open();
  await place.shell.exec('state=kept');
  let out = '';
  const params = { ...REAL_LIMIT, onTimeout: 'kill', stdout: (chunk: string) => (out += chunk) } as const;
  const error = await errorOf(place.shell.exec("trap '' INT; echo begun; sleep 1000", params));
  expect(error).toMatchObject({ kind: 'timeout', command: 'killed' });
  expect(out).toBe('begun\n');
  const { exitCode } = await place.shell.execution(error.executionId ?? '').result();
  expect(exitCode).toBe(137);
  expect(await (await place.shell.exec('echo $state')).stdout()).toBe('kept\n');
});

test('it is interrupted on request', async () => {
  await using place = await open();
  const error = await errorOf(place.shell.exec('sleep 1000', { ...REAL_LIMIT, onTimeout: 'interrupt' }));
  expect(error).toMatchObject({ kind: 'timeout', command: 'interrupted' });
  expect((await place.shell.execution(error.executionId ?? '').result()).exitCode).toBe(130);
});

test('one that waits in the queue is cancelled and never runs', async () => {
  await using place = await open();
  const before = await place.shell.execAsync('sleep 1000');
  const error = await errorOf(place.shell.exec('touch ran', { ...REAL_LIMIT, onTimeout: 'interrupt' }));
  expect(error).toMatchObject({ kind: 'timeout', command: 'cancelled' });
  await before.kill();
  expect((await place.shell.exec('test -e ran')).exitCode).toBe(1);
});

test('what waits for the launch before it is never sent', async () => {
  const { server, shell } = await scripted();
  server.on('POST /execute', stall);
  const controller = new AbortController();
  const first = errorOf(shell.exec('one', {}, { signal: controller.signal }));
  await server.arrived('POST /execute');
  const error = await errorOf(shell.exec('two', { ...LIMIT, onTimeout: 'kill' }));
  expect(error).toMatchObject({ kind: 'timeout', command: 'never_sent', executionId: undefined });
  expect(error.message).toMatch(/it was never sent\.$/);
  controller.abort();
  await first;
  expect(server.received('POST /execute')).toHaveLength(1);
});

test('a launch whose answer was lost is looked for, and its command ended', async () => {
  const { server, shell } = await scripted();
  server.on('POST /execute', stall);
  const line = { level: 'INFO', source: 'exec', timestamp_ms: Date.now(), shell_name: 'main' };
  server.on('GET /logs', answer(200, { logs: [{ ...line, cmd: 'deploy', cmd_id: EXECUTION_ID }] }));
  server.on(`GET /executions/${EXECUTION_ID}`, answer(200, running()));
  server.on('POST /kill', answer(200, running()));
  const error = await errorOf(shell.exec('deploy', { ...LIMIT, onTimeout: 'kill' }));
  expect(error).toMatchObject({ kind: 'timeout', command: 'killed', executionId: EXECUTION_ID });
  expect(server.received('POST /kill')).toHaveLength(1);
});

test('a launch without an answer is said to be unknown', async () => {
  const { server, shell } = await scripted();
  server.on('POST /execute', stall);
  const error = await errorOf(shell.exec('one', { ...LIMIT, onTimeout: 'kill' }));
  expect(error).toMatchObject({ kind: 'timeout', command: 'unknown' });
});

test('the launch holds for less than the limit, so that its answer tells what to end', async () => {
  const { server, shell } = await scripted();
  server.on('POST /execute', answer(200, completed()));
  for (const timeoutMs of [300, 4000, 1e12]) await shell.exec('true', { timeoutMs });
  const holds = server.received('POST /execute').map(({ body }) => body);
  expect(holds.map((body) => (body as { optimistic_timeout?: number }).optimistic_timeout)).toEqual([
    0,
    3,
    undefined,
  ]);
});

test('that it could not be killed is said, with the cause', async () => {
  const { server, shell } = await scripted({ maxRetries: 0 });
  server.on('POST /execute', answer(200, running()));
  server.on('POST /wait_for_status', stall);
  server.on(`GET /executions/${EXECUTION_ID}`, drop);
  const error = await errorOf(shell.exec('sleep 60', { ...LIMIT, onTimeout: 'kill' }));
  expect(error).toMatchObject({ kind: 'timeout', command: 'unknown', executionId: EXECUTION_ID });
  expect(error.message).toContain('It could not be killed');
  expect(error.cause).toMatchObject({ kind: 'connection' });
});

test('the limit holds for streams and for a callback that does not return', async () => {
  const { server, shell } = await scripted();
  server.on('POST /execute', answer(200, running()));
  server.on('POST /wait_for_status', answer(200, completed('x')));
  server.on(`GET /executions/${EXECUTION_ID}`, answer(200, completed('x')));
  server.on('GET /stream_stdout_updates', events([event('x', 0)], 'open'));
  server.on('GET /stream_stderr_updates', stall);
  const params = { ...LIMIT, onTimeout: 'kill', stdout: () => new Promise(() => undefined) } as const;
  expect(await errorOf(shell.exec('echo x', params))).toMatchObject({ command: 'completed' });
  await server.quiet();
});

test('a limit that is none is refused before anything is sent', async () => {
  const { server, shell } = await scripted();
  const error = await errorOf(shell.exec('true', { timeoutMs: 0 }));
  expect(error.message).toBe('timeoutMs must be above 0 ms, it is 0. Leave it out to wait without limit.');
  expect(server.unexpected).toEqual([]);
});
