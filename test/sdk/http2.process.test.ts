import { beforeAll, expect, test } from 'vitest';
import { DevboxClient, type DevboxClientOptions, LOCAL_DEVBOX_ID } from '../../src/index.ts';
import { startTestDevbox } from '../helpers/devbox-server.ts';
import { startTlsServer, type TlsServerOptions, trustTestCertificate } from '../helpers/tls-server.ts';

beforeAll(trustTestCertificate);

async function open(server: Partial<TlsServerOptions> = {}, options: DevboxClientOptions = {}) {
  const stack = new AsyncDisposableStack();
  const devbox = stack.use(await startTestDevbox());
  const tls = stack.use(await startTlsServer({ http2: true, behind: devbox.server.socketPath, ...server }));
  const baseURL = `https://localhost:${tls.port}`;
  const client = stack.use(new DevboxClient({ baseURL, bearerToken: 'any-key', ...options }));
  return {
    tls,
    client,
    shell: client.devbox.fromId(LOCAL_DEVBOX_ID).shell('h2'),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const versions = (requests: readonly string[]) => [...new Set(requests.map((line) => line.split(' ')[0]))];

test('HTTP/2 is spoken where the server offers it: both streams and the wait share one connection', async () => {
  await using place = await open();
  const { shell, tls } = place;
  const heard = { stdout: Promise.withResolvers<string>(), stderr: Promise.withResolvers<string>() };
  const execution = await shell.execAsync('echo out; echo err >&2; cat', {
    attach_stdin: true,
    stdout: heard.stdout.resolve,
    stderr: heard.stderr.resolve,
  });
  const result = execution.result();
  // The wait and both streams are open at once.
  expect(await heard.stdout.promise).toBe('out\n');
  expect(await heard.stderr.promise).toBe('err\n');
  await execution.closeStdIn();
  expect((await result).exitCode).toBe(0);
  expect(versions(tls.requests)).toEqual(['2.0']);
  expect(tls.connections).toBe(1);
});

test('HTTP/1.1 is spoken where the server offers no more, and where the caller wants it', async () => {
  await using old = await open({ http2: false });
  expect((await old.shell.exec('exit 0')).exitCode).toBe(0);
  expect(versions(old.tls.requests)).toEqual(['1.1']);
  await using chosen = await open({}, { http2: false });
  expect(await (await chosen.shell.exec('echo 1')).stdout()).toBe('1\n');
  expect(versions(chosen.tls.requests)).toEqual(['1.1']);
});

test('a slow reader slows the sender over HTTP/2, and gets every byte', async () => {
  let passed = 0;
  await using place = await open({ onPassed: (bytes) => (passed += bytes) });
  const execution = await place.shell.execAsync('head -c 33554432 /dev/zero');
  let received = 0;
  let mostAhead = 0;
  for await (const bytes of execution.bytes('stdout')) {
    received += bytes.length;
    mostAhead = Math.max(mostAhead, passed - received);
    await new Promise(setImmediate);
  }
  expect(received).toBe(33_554_432);
  expect(mostAhead).toBeLessThan(8_000_000);
});

test('a reader that stops does not stop the others on its connection', async () => {
  await using place = await open();
  const flood = await place.shell.execAsync('head -c 33554432 /dev/zero; sleep 1000');
  for await (const _ of flood.bytes('stdout')) {
    // This stream is not read any more while the others are used.
    const beside = await place.client.devbox.fromId(LOCAL_DEVBOX_ID).shell('beside').exec('seq 100000');
    expect((await beside.stdout()).length).toBe(588_895);
    break;
  }
  expect(place.tls.connections).toBe(1);
  await flood.kill();
});

test('a launch whose connection dies is sent once, and said to be unknown', async () => {
  await using place = await open({
    answer(request, response) {
      // Without extensions the server takes no id for a launch that has stdin.
      if (request.url.startsWith('/nsh/')) {
        response.writeHead(404, { 'content-type': 'application/json' });
        response.end('{"message":"no such route"}');
        return true;
      }
      if (!request.url.endsWith('/execute_async')) return false;
      request.resume().once('end', () => response.stream.session?.destroy());
      return true;
    },
  });
  await expect(place.shell.execAsync('deploy', { attach_stdin: true })).rejects.toMatchObject({
    kind: 'unknown_outcome',
  });
  expect(place.tls.requests.filter((line) => line.includes('execute_async'))).toHaveLength(1);
});
