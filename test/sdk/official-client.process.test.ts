import { RunloopSDK } from '@runloop/api-client';
import { expect, it, onTestFinished, vi } from 'vitest';
import { DevboxClient, LOCAL_DEVBOX_ID } from '../../src/index.ts';
import { startTestDevbox } from '../helpers/devbox-server.ts';
import {
  answer,
  drop,
  event,
  events,
  hold,
  MisbehavingServer,
  raw,
  stall,
} from '../helpers/misbehaving-server.ts';
import { startRelay } from './relay.ts';
import { scripted, TOKEN } from './scripted.ts';
import { LAUNCH, LAUNCH_WITH_STDIN, LOGS } from './scripted-launch.ts';
import { bytes, offsets, RAW_ERR, RAW_OUT, SERVER, STATE, STDOUT, WAIT } from './scripted-output.ts';
import { completed, embedded, running } from './views.ts';

/**
 * What the official client (`@runloop/api-client` 1.32) was measured to get wrong, point by point: the same situations
 * with this one.
 */

async function official() {
  const server = await MisbehavingServer.start();
  onTestFinished(() => server.close());
  const sdk = new RunloopSDK({ baseURL: server.url, bearerToken: TOKEN, http2: false });
  return { server, shell: sdk.devbox.fromId('d').shell('main') };
}

it('1. execAsync does not start a command again after the body was sent', async () => {
  const theirs = await official();
  theirs.server.on(LAUNCH_WITH_STDIN, drop, drop, answer(200, running()));
  await theirs.shell.execAsync('deploy');
  // Each was taken by the server: without an id, three deployments.
  expect(theirs.server.received(LAUNCH_WITH_STDIN)).toHaveLength(3);

  const { server, shell } = await scripted({ maxRetries: 2 });
  server
    .on(LAUNCH_WITH_STDIN, drop, drop, answer(200, running()))
    .on(LAUNCH, drop, drop, answer(200, running()))
    .on(LOGS, answer(200, { logs: [] }));
  await expect(shell.execAsync('deploy', { attach_stdin: true })).rejects.toMatchObject({
    kind: 'unknown_outcome',
    message: expect.stringContaining('may be running'),
  });
  expect(server.received(LAUNCH_WITH_STDIN)).toHaveLength(1);
  shell.unsettled?.goOn();
  await shell.execAsync('deploy');
  const ids = server.received(LAUNCH).map(({ body }) => (body as { command_id: string }).command_id);
  expect(ids).toHaveLength(3);
  expect(new Set(ids).size).toBe(1);
});

it('1. the embedded devbox runs what the official client sends three times once', async () => {
  await using devbox = await startTestDevbox();
  await using relay = await startRelay(devbox.server.socketPath ?? '', {
    extensions: false,
    cutAfter: Number.POSITIVE_INFINITY,
    dropAnswers: { of: '/execute_async', count: 2 },
  });
  const sdk = new RunloopSDK({ baseURL: relay.url, bearerToken: 'k', http2: false });
  const shell = sdk.devbox.fromId(LOCAL_DEVBOX_ID).shell('main');
  const result = await (await shell.execAsync('echo ran >>ran; cat ran')).result();
  expect(await result.stdout()).toBe('ran\n');
  expect(relay.dropped).toBe(2);
});

it.each(['end', 'cut'] as const)(
  '2. a stream that ends early (%s) is no success, and nothing comes twice',
  async (ending) => {
    const [one, two] = [event('one\n', 0), event('zwölf\n', 4)];
    const inside = bytes(two).subarray(0, bytes(two).indexOf(bytes('ö')) + 1);
    const idle = 'event: error\ndata: {"code":"408","message":"idle"}\n\n';
    const over = completed('one\nzwölf\n');
    const { server, shell } = await scripted();
    server
      .on(LAUNCH, answer(200, running()))
      .on(WAIT, stall)
      .on(STATE, answer(200, running()), answer(200, running()), answer(200, running()), answer(200, over))
      .on(
        STDOUT,
        events([one], ending),
        events([one, inside], ending),
        events([one, idle], ending),
        events([two], 'end'),
        events([], 'end'),
      );
    const chunks: string[] = [];
    const execution = await shell.execAsync('print', { stdout: (chunk) => chunks.push(chunk) });
    const result = await execution.result();
    expect(chunks.join('')).toBe('one\nzwölf\n');
    expect(result.exitCode).toBe(0);
    // From the last byte that is held: how the server counts shows in what it sends again.
    expect(offsets(server.received(STDOUT)).slice(0, 5)).toEqual([null, '3', '3', '3', '10']);
  },
);

it('3. result() outlives a reset and a 429, and a time-out ends it while a stream is open', async () => {
  const { server, shell } = await scripted();
  server
    .on(SERVER, answer(200, embedded))
    .on(LAUNCH, answer(200, running()))
    .on(WAIT, drop, answer(200, completed('', { exit_status: 7 })))
    .on(STATE, answer(429, { message: 'slow down' }, { 'retry-after-ms': '5' }), answer(200, running()))
    .on(RAW_OUT, raw([bytes('a')], 'open'))
    .on(RAW_ERR, raw([], 'end'));
  const execution = await shell.execAsync('sleep 60');
  expect((await execution.result()).exitCode).toBe(7);
  const open = await shell.execAsync('sleep 60', { stdout: () => {} });
  await server.arrived(RAW_OUT);
  const timed = open.result({ longPoll: { timeoutMs: 50 } });
  await expect(timed).rejects.toMatchObject({ kind: 'timeout' });
});

it('4. the stream takes an AbortSignal, also after it was connected again', async () => {
  const { server, shell } = await scripted();
  server
    .on(SERVER, answer(200, embedded))
    .on(LAUNCH, answer(200, running()))
    .on(WAIT, stall)
    .on(RAW_OUT, raw([bytes('a')], 'cut'), raw([bytes('b')], 'open', 1))
    .on(RAW_ERR, raw([], 'open'));
  const controller = new AbortController();
  const chunks: string[] = [];
  const stdout = (chunk: string) => {
    chunks.push(chunk);
    if (chunk === 'b') controller.abort();
  };
  const result = shell.exec('sleep 60', { stdout }, { signal: controller.signal });
  await expect(result).rejects.toMatchObject({ kind: 'aborted' });
  expect(chunks).toEqual(['a', 'b']);
  await server.quiet();
});

it('5. a consumer that is slow holds the server back, and one event of 16 MB arrives whole', async () => {
  const huge = 'x'.repeat(16 * 1024 * 1024);
  const { server, shell } = await scripted();
  let written = 0;
  server
    .on(LAUNCH, answer(200, running()))
    .on(WAIT, answer(200, completed('…', { stdout_truncated: true })))
    .on(STATE, answer(200, completed('…', { stdout_truncated: true })))
    .on('GET /stream_stderr_updates', events([], 'end'))
    .on(STDOUT, async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(event(huge, 0));
      for (let offset = huge.length; offset < 64 * huge.length && !response.destroyed; offset += 1_000_000) {
        if (!response.write(event('y'.repeat(1_000_000), offset))) {
          await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
        }
        written = offset;
      }
    });
  const controller = new AbortController();
  let received = 0;
  const busy = Promise.withResolvers<void>();
  const result = shell.exec(
    'yes',
    {
      stdout(chunk) {
        received += chunk.length;
        if (received >= huge.length) busy.resolve();
        // From then on it never comes back for more.
        return received >= huge.length ? new Promise(() => {}) : undefined;
      },
    },
    { signal: controller.signal },
  );
  await busy.promise;
  let before = -1;
  const standsStill = () => {
    const still = written === before;
    before = written;
    return still;
  };
  await expect.poll(standsStill, { interval: 100 }).toBe(true);
  expect(written).toBeLessThan(8 * huge.length);
  controller.abort();
  await expect(result).rejects.toMatchObject({ kind: 'aborted' });
  await server.quiet();
});

it('6. a callback that throws ends no stream but its own, and nothing goes to the console', async () => {
  const methods = ['log', 'info', 'warn', 'error', 'debug'] as const;
  const spies = methods.map((method) => vi.spyOn(console, method));
  onTestFinished(() => void vi.restoreAllMocks());
  const { server, shell } = await scripted();
  server
    .on(SERVER, answer(200, embedded))
    .on(LAUNCH, answer(200, running()))
    .on(WAIT, answer(200, completed('…', { stdout_truncated: true })))
    .on(RAW_OUT, raw([bytes('one\ntwo'), bytes(' and more\n')], 'end'))
    .on(RAW_ERR, raw([bytes('oops\n')], 'end'));
  const mine = new Error('mine');
  const others: string[] = [];
  const stdout = () => {
    throw mine;
  };
  const execution = await shell.execAsync('x', { stdout, output: (chunk) => others.push(chunk) });
  await expect(execution.result()).rejects.toBe(mine);
  expect([...others.join('')].sort()).toEqual([...'one\ntwo and more\noops\n'].sort());
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
});

it('7. a named shell has its name, history and close; kill takes the process group, stdin works', async () => {
  await using devbox = await startTestDevbox();
  await using client = new DevboxClient({ socketPath: devbox.server.socketPath });
  const shell = client.devbox.fromId(LOCAL_DEVBOX_ID).shell('main');
  expect(shell.name).toBe('main');
  const cat = await shell.execAsync('cat', { attach_stdin: true });
  await cat.sendStdIn('typed\n');
  await cat.closeStdIn();
  expect(await (await cat.result()).stdout()).toBe('typed\n');
  const tree = await shell.execAsync("trap '' INT; sleep 1000 | sleep 1000");
  await tree.kill({ processGroup: true });
  expect((await tree.result()).success).toBe(false);
  expect((await shell.history()).map(({ command }) => command)).toContain('cat');
  expect(await shell.close()).toBe(true);
});

it('8. a plain http server of HTTP/1.1 needs no option', async () => {
  const { server, client, shell } = await scripted();
  const first = Promise.withResolvers<void>();
  server.on(LAUNCH, hold(first.promise, answer(200, completed('plain'))));
  const result = shell.exec('true');
  await server.arrived(LAUNCH);
  first.resolve();
  expect(await (await result).stdout()).toBe('plain');
  await client.close();
  await server.quiet();
});
