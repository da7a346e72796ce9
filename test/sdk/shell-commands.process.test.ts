import { describe, expect, test } from 'vitest';
import { DevboxClient, LOCAL_DEVBOX_ID } from '../../src/index.ts';
import { startTestDevbox } from '../helpers/devbox-server.ts';
import { answer } from '../helpers/misbehaving-server.ts';
import { startRelay } from './relay.ts';
import { scripted } from './scripted.ts';
import { completed, running } from './views.ts';

const WITHOUT_EXTENSIONS = { extensions: false, cutAfter: Number.POSITIVE_INFINITY };

async function open(engine: 'embedded' | 'service') {
  const stack = new AsyncDisposableStack();
  const embedded = stack.use(await startTestDevbox());
  const front =
    engine === 'service'
      ? stack.use(await startRelay(embedded.server.socketPath ?? '', WITHOUT_EXTENSIONS))
      : undefined;
  const where = front
    ? { baseURL: front.url, bearerToken: 'any-key' }
    : { socketPath: embedded.server.socketPath };
  const connect = () => stack.use(new DevboxClient(where)).devbox.fromId(LOCAL_DEVBOX_ID).shell('listed');
  return { shell: connect(), other: connect(), [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

describe.each(['embedded', 'service'] as const)('on the engine %s', (engine) => {
  test('the history holds what has ended, of every client, oldest first', async () => {
    await using place = await open(engine);
    const { shell, other } = place;
    await shell.exec('cd /');
    await other.exec('(exit 3)');
    const last = await shell.execAsync('sleep 1000');
    const waiting = await shell.execAsync('echo waits');
    const history = await shell.history();
    expect(history.map(({ command, own, status, exitCode }) => [command, own, status, exitCode])).toEqual([
      ['cd /', true, 'completed', 0],
      ['(exit 3)', false, 'completed', 3],
      ['sleep 1000', true, 'running', null],
    ]);
    expect((await shell.history({ limit: 1 })).map(({ command }) => command)).toEqual(['sleep 1000']);
    await waiting.kill();
    await last.kill();
    await last.result();
    const [ended] = (await shell.history({ limit: 2 })).filter(
      ({ executionId }) => executionId === last.executionId,
    );
    expect(ended).toMatchObject({ status: 'completed', exitCode: 137, endedAtMs: expect.any(Number) });
    if (engine === 'embedded') expect(history[0]).toMatchObject({ cwd: '/', endReason: 'exited' });
  });

  test('the executions are those that run and wait, own and foreign, in order', async () => {
    await using place = await open(engine);
    const { shell, other } = place;
    expect(await shell.executions()).toEqual([]);
    await shell.exec('true');
    const first = await other.execAsync('sleep 1000');
    const second = await shell.execAsync('sleep 1001');
    const executions = await shell.executions();
    expect(executions.map(({ executionId, own, status }) => [executionId, own, status])).toEqual([
      [first.executionId, false, 'running'],
      [second.executionId, true, 'queued'],
    ]);
    // Whatever is listed can be followed and ended.
    for (const { executionId } of executions.toReversed()) await shell.execution(executionId ?? '').kill();
    await first.result();
    expect(await shell.executions()).toEqual([]);
  });
});

test('what was launched here is listed though the log lags behind; what nobody knows belongs to the past', async () => {
  const { server, shell } = await scripted();
  server.on('POST /execute', answer(200, running({ execution_id: 'new' })));
  server.on(
    'GET /logs',
    answer(200, {
      logs: [
        { level: 'INFO', source: 'exec', timestamp_ms: 1, cmd: 'lost', cmd_id: 'lost', shell_name: 'main' },
        { level: 'INFO', source: 'exec', timestamp_ms: 2, cmd: 'other', cmd_id: 'o', shell_name: 'other' },
        { level: 'INFO', source: 'exec', timestamp_ms: 3, cmd: 'old', cmd_id: 'old', shell_name: 'main' },
        { level: 'INFO', source: 'exec', timestamp_ms: 4, exit_code: 0, cmd_id: 'old' },
      ],
    }),
  );
  server.on('GET /executions/new', answer(200, running({ execution_id: 'new' })));
  await shell.execAsync('make');
  const history = await shell.history();
  expect(history.map(({ command, status, own }) => [command, status, own])).toEqual([
    ['lost', 'unknown', false],
    ['old', 'completed', false],
    ['make', 'running', true],
  ]);
  expect((await shell.executions()).map(({ command }) => command)).toEqual(['make']);
});

test('a log without ids is paired by its order', async () => {
  const { server, shell } = await scripted();
  const line = { level: 'INFO', source: 'exec', shell_name: 'main' };
  server.on(
    'GET /logs',
    answer(200, {
      logs: [
        { ...line, timestamp_ms: 1, cmd: 'a' },
        { ...line, timestamp_ms: 2, cmd: 'b' },
        { ...line, timestamp_ms: 3, exit_code: 7 },
      ],
    }),
  );
  const history = await shell.history();
  expect(history.map(({ command, exitCode, status }) => [command, exitCode, status])).toEqual([
    ['a', 7, 'completed'],
    ['b', null, 'unknown'],
  ]);
});

test('a refused look is an error, and so is a limit that is none', async () => {
  const { server, shell } = await scripted({ maxRetries: 0 });
  server.on('GET /logs', answer(500, { message: 'broken' }));
  await expect(shell.history()).rejects.toMatchObject({ kind: 'server' });
  await expect(shell.history({ limit: 0 })).rejects.toThrow(
    /limit must be a whole number of 1 or more, it is 0/,
  );
});

test('a time to live is set on the embedded devbox, and refused where there is none', async () => {
  await using place = await open('embedded');
  const opened = await place.shell.open({ idleTimeoutMs: 60_000 });
  expect(opened?.shell.idle_timeout_ms).toBe(60_000);
  expect((await place.shell.open())?.shell.idle_timeout_ms).toBe(60_000);
  expect((await place.shell.open({ idleTimeoutMs: null }))?.shell.idle_timeout_ms).toBeUndefined();
  const { shell } = await scripted();
  await expect(shell.open({ idleTimeoutMs: 1 })).rejects.toMatchObject({ kind: 'invalid_request' });
  expect(await shell.open()).toBeUndefined();
});

test('leaving a block closes a shell without a name, and leaves one that has a name', async () => {
  await using embedded = await startTestDevbox();
  const { socketPath } = embedded.server;
  await using client = new DevboxClient({ socketPath });
  const devbox = client.devbox.fromId(LOCAL_DEVBOX_ID);
  {
    await using named = devbox.shell('named');
    await using nameless = devbox.shell();
    await named.exec('true');
    await nameless.exec('true');
    expect(await devbox.shells()).toHaveLength(2);
  }
  expect((await devbox.shells())?.map(({ shell_name }) => shell_name)).toEqual(['named']);
});

test('leaving a block closes the client, and a shell of the service without a call for it', async () => {
  const { server, client } = await scripted();
  server.on('POST /execute', answer(200, completed()));
  {
    await using leaving = client;
    await using shell = leaving.devbox.fromId('d').shell();
    await shell.exec('true');
  }
  await expect(client.devbox.fromId('d').getInfo()).rejects.toMatchObject({ kind: 'aborted' });
});
