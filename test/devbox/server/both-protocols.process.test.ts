import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type ClientHttp2Session, connect as connectHttp2, type IncomingHttpHeaders } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { speakBothProtocols } from '../../../src/devbox/server/both-protocols.ts';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';
import { handles } from '../../helpers/handles.ts';
import { get } from '../http/raw-client.ts';

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

let devbox: TestDevbox;
beforeAll(async () => {
  devbox = await startTestDevbox({ listen: 'tcp' });
});
afterAll(() => devbox[Symbol.asyncDispose]());

function session(url: string): ClientHttp2Session {
  const client = connectHttp2(url);
  onTestFinished(() => client.destroy());
  return client;
}

async function ask(client: ClientHttp2Session, path: string, headers: Record<string, string> = {}) {
  const token = devbox.server.token ?? '';
  const stream = client.request({ ':path': path, authorization: `Bearer ${token}`, ...headers });
  const [head] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status'?: number }];
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return { status: head[':status'], head, body: JSON.parse(Buffer.concat(chunks).toString()) };
}

test('both protocols are answered on one port, at one time', async () => {
  const client = session(devbox.server.url);
  const [two, one] = await Promise.all([ask(client, routes.devboxes()), get(devbox, routes.devboxes())]);
  expect(two.status).toBe(200);
  expect(two.body).toEqual(one.body);
});

test('who may ask is the same for HTTP/2, and nothing is said about its connection', async () => {
  const warned = vi.spyOn(process, 'emitWarning');
  const client = session(devbox.server.url);
  expect(await ask(client, '/v1/devboxes', { authorization: 'Bearer no' })).toMatchObject({ status: 401 });
  expect(await ask(client, '/v1/devboxes', { origin: 'http://a.test' })).toMatchObject({ status: 403 });
  const rebound = { ':authority': 'evil.test', host: 'localhost' };
  expect(await ask(client, '/v1/devboxes', rebound)).toMatchObject({ body: { code: 'host_refused' } });
  expect(await ask(client, '/v1/nothing')).toMatchObject({ status: 404 });
  expect(warned).not.toHaveBeenCalled();
});

test.each([
  ['HTTP/1.1', 'POST /v1/x HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n', 'HTTP/1.1 401'],
  ['a method that begins alike', 'PROPFIND / HTTP/1.1\r\nhost: localhost\r\n\r\n', 'HTTP/1.1 401'],
])('%s is told apart, however it is cut up', async (_, request, answer) => {
  const socket = connect(Number(new URL(devbox.server.url).port), '127.0.0.1').setNoDelay(true);
  for (const byte of request) {
    await new Promise((resolve) => socket.write(byte, resolve));
    await new Promise(setImmediate);
  }
  const [head] = (await once(socket, 'data')) as [Buffer];
  expect(head.toString()).toMatch(new RegExp(`^${answer}`));
  socket.destroy();
});

test('the preface is told apart byte by byte', async () => {
  const socket = connect(Number(new URL(devbox.server.url).port), '127.0.0.1').setNoDelay(true);
  for (const byte of 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n') {
    await new Promise((resolve) => socket.write(byte, resolve));
    await new Promise(setImmediate);
  }
  const [frame] = (await once(socket, 'data')) as [Buffer];
  // The server's SETTINGS, type 4, on stream 0.
  expect([frame[3], frame.readUInt32BE(5)]).toEqual([4, 0]);
  socket.destroy();
});

test('the end of the server ends connections that are silent, idle and at work, of both protocols', async () => {
  const own = await startTestDevbox({ listen: 'tcp' });
  const silent = connect(Number(new URL(own.server.url).port), '127.0.0.1');
  const client = session(own.server.url);
  const authorization = `Bearer ${own.server.token}`;
  const watch = client.request({ ':path': routes.devboxEvents('local'), authorization });
  await once(watch, 'response');
  watch.resume();
  const ends = [once(silent, 'close'), once(client, 'close'), once(watch, 'end')];
  await own[Symbol.asyncDispose]();
  await Promise.all(ends);
  expect(watch.rstCode).toBe(0);
});

test('a client of HTTP/2 that is gone leaves no connection: before its first request, while it streams, between the two', async () => {
  const before = handles().TCPSocketWrap ?? 0;
  const { port, hostname } = new URL(devbox.server.url);
  for (const said of ['', 'PRI', PREFACE, `${PREFACE}\0\0\0\x04\0\0\0\0\0`]) {
    const socket = connect(Number(port), hostname);
    await new Promise<void>((resolve) => socket.write(`${said}`, () => resolve()));
    socket.destroy();
  }
  const client = session(devbox.server.url);
  const watch = client.request({
    ':path': routes.devboxEvents('local'),
    authorization: `Bearer ${devbox.server.token}`,
  });
  await once(watch, 'response');
  client.destroy();
  while ((handles().TCPSocketWrap ?? 0) > before) await nextTurn();
});

test('a client that goes away in the middle of its requests leaves no connection', async () => {
  const server = createServer();
  const answer: RequestListener = (request, response) => {
    request.resume();
    response.end('x');
  };
  speakBothProtocols(server, answer, { headTimeoutMs: 10_000, keepAliveMs: 100, maxHeadBytes: 16_384 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (let round = 0; round < 10; round++) {
    const client = session(url).on('error', () => undefined);
    for (let n = 0; n < 200; n++) {
      const stream = client.request({ ':method': 'POST', ':path': '/' }, { endStream: n % 3 === 0 });
      stream.on('error', () => undefined).resume();
      if (n % 2 === 0 && !stream.writableEnded) stream.write(Buffer.alloc(n * 10));
      stream.close(n % 3 === 1 ? 8 : 0);
      if (n % 5 === 0) await new Promise(setImmediate);
    }
    client.destroy();
  }
  const count = () => new Promise((resolve) => server.getConnections((_, open) => resolve(open)));
  await expect.poll(count, { timeout: 10_000 }).toBe(0);
});
