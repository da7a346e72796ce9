import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setInterval as every, setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { SlowBodies } from '../../../src/devbox/http/slow-bodies.ts';
import { connectionLimit } from '../../../src/devbox/server/connection-limit.ts';
import { type ListenLimits, listen } from '../../../src/devbox/server/listen.ts';
import { stopAccepting } from '../../../src/devbox/server/stop-accepting.ts';

const LIMITS: ListenLimits = { headTimeoutMs: 100, lookEveryMs: 20, keepAliveMs: 300, maxConnections: 100 };
const PACE = { graceMs: 100, bytesPerSecond: 10_000, lookEveryMs: 20 };
const POST = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 20000\r\n\r\n';

/** A server whose limits are a hundredth of the real ones. Its answers are held for three times as long. */
async function startServer(limits: Partial<ListenLimits> = {}): Promise<number> {
  const bodies = new SlowBodies(PACE);
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    bodies.watch(request, response);
    if (request.url === '/unread') return void response.end('answered');
    request.resume();
    await once(request, 'end').catch(() => undefined);
    response.flushHeaders();
    await wait(3 * LIMITS.headTimeoutMs);
    response.end('answered');
  };
  const all = { ...LIMITS, ...limits };
  const listening = await listen({ host: '127.0.0.1', port: 0 }, (...call) => void answer(...call), all);
  onTestFinished(() => stopAccepting(listening).finish());
  return (listening.server.address() as AddressInfo).port;
}

function raw(port: number, text = ''): { socket: Socket; received: Promise<string> } {
  const socket = connect(port, '127.0.0.1');
  let all = '';
  socket.setEncoding('latin1').on('data', (data) => {
    all += data;
  });
  // A cut can be seen as a reset.
  socket.on('error', () => undefined);
  if (text !== '') socket.write(text);
  onTestFinished(() => void socket.destroy());
  return { socket, received: new Promise((resolve) => socket.once('close', () => resolve(all))) };
}

function http2(port: number): ClientHttp2Session {
  const client = connectHttp2(`http://127.0.0.1:${port}`);
  client.on('error', () => undefined);
  onTestFinished(() => client.destroy());
  return client;
}

/** Sends a byte every so often until the connection is cut. */
async function drip(socket: Socket): Promise<void> {
  for await (const _ of every(10)) {
    if (socket.destroyed) return;
    socket.write('x');
  }
}

test('who asks for nothing is cut: no byte, the half of a head, a head that drips, an empty HTTP/2', async () => {
  const port = await startServer();
  const drips = raw(port, 'GET / HTTP/1.1\r\nhost: x\r\nx-more: ');
  const [silent, half] = [raw(port), raw(port, 'GET / HTTP/1.1\r\nhost')];
  const empty = http2(port);
  const [nothing, timedOut, dripped] = await Promise.all([
    silent.received,
    half.received,
    drips.received,
    once(empty, 'close'),
    drip(drips.socket),
  ]);
  expect(nothing).toBe('');
  expect(timedOut).toMatch(/^HTTP\/1\.1 408 /);
  expect(dripped).toMatch(/^HTTP\/1\.1 408 /);
});

test('a body that does not come, or drips, is cut; so is one that nobody reads', async () => {
  const port = await startServer();
  const [none, slow, unread] = [raw(port, POST), raw(port, POST), raw(port, POST.replace(' /', ' /unread'))];
  expect(await Promise.all([none.received, slow.received, drip(slow.socket)])).toEqual(['', '', undefined]);
  expect(await unread.received).toMatch(/^HTTP\/1\.1 200 .*answered$/s);
  const client = http2(port);
  const stream = client.request({ ':path': '/', ':method': 'POST' }, { endStream: false });
  await expect(once(stream, 'close')).rejects.toThrow('Stream closed with error');
  expect(stream.rstCode).not.toBe(0);
});

test('a body that comes at an honest pace takes as long as it needs, and an answer too', async () => {
  const port = await startServer();
  const honest = raw(port, POST.replace('host: x', 'host: x\r\nconnection: close'));
  const client = http2(port);
  const stream = client.request({ ':path': '/', ':method': 'POST' }, { endStream: false });
  const started = performance.now();
  // Three times the grace, at twice the pace that is asked for.
  for (let sent = 0; sent < 20_000; sent += 1_000) {
    honest.socket.write('x'.repeat(1_000));
    stream.write('x'.repeat(1_000));
    await wait(30);
  }
  stream.end();
  expect(performance.now() - started).toBeGreaterThan(3 * PACE.graceMs);
  expect(await honest.received).toMatch(/^HTTP\/1\.1 200 .*answered\r\n0\r\n\r\n$/s);
  expect(String(Buffer.concat(await stream.toArray()))).toBe('answered');
  // Not used any more, it is closed in peace.
  await once(client, 'close');
});

test('a head that is too large is refused', async () => {
  const port = await startServer();
  const large = raw(port, `GET / HTTP/1.1\r\nhost: x\r\nx-large: ${'x'.repeat(20_000)}\r\n\r\n`);
  expect(await large.received).toMatch(/^HTTP\/1\.1 431 /);
  const stream = http2(port).request({ ':path': '/', 'x-large': 'x'.repeat(70_000) });
  stream.resume();
  await expect(once(stream, 'close')).rejects.toThrow('Stream closed with error');
});

test('of more connections than a server takes those beyond are cut, until others have gone', async () => {
  const port = await startServer({ maxConnections: 2, headTimeoutMs: 60_000 });
  const [first, second] = [raw(port, 'GET'), raw(port, 'GET')];
  await Promise.all([once(first.socket, 'connect'), once(second.socket, 'connect')]);
  const third = raw(port, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  expect(await third.received).toBe('');
  first.socket.destroy();
  await expect
    .poll(() => raw(port, 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n').received)
    .toContain('answered');
});

test.runIf(process.platform === 'linux')('it takes half as many as its process may have files', () => {
  const report = process.report.getReport() as unknown as { userLimits: { open_files: { soft: number } } };
  const files = Number(report.userLimits.open_files.soft);
  expect(connectionLimit()).toBe(Math.min(8_192, Math.floor(files / 2)));
});
