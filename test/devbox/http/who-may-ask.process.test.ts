import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect as connectHttp2, type OutgoingHttpHeaders } from 'node:http2';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { MAX_BODY_BYTES } from '../../../src/devbox/http/read-body.ts';
import { TokenCheck } from '../../../src/devbox/http/token-check.ts';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';
import { execute } from './commands.ts';
import { get, post, send } from './raw-client.ts';

let devbox: TestDevbox;
beforeAll(async () => {
  devbox = await startTestDevbox({ listen: 'tcp' });
});
afterAll(() => devbox[Symbol.asyncDispose]());

const DRIVE_BY = routes.executeAsync('local');
const touch = (name: string) => JSON.stringify({ command: `touch ${name}`, shell_name: 'attacked' });
const authorization = () => `Bearer ${devbox.server.token}`;

/** Nothing that any attack tried has run. */
async function nothingRan(): Promise<void> {
  expect(await execute(devbox, 'ls -A')).toMatchObject({ stdout: '' });
}

/** What browsers send for a page that tries it, as they do today. */
test.each<[string, string, Record<string, string>]>([
  ['a form', 'POST', { origin: 'https://evil.example', 'content-type': 'text/plain' }],
  ['fetch without CORS', 'POST', { origin: 'https://evil.example', 'sec-fetch-mode': 'no-cors' }],
  ['a sandboxed frame', 'POST', { origin: 'null' }],
  ['an image', 'GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' }],
  ['a link', 'GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
  ['a page of another port', 'GET', { 'sec-fetch-site': 'same-site' }],
  ['a rebound page that looks', 'GET', { host: 'evil.example', 'sec-fetch-site': 'same-origin' }],
  [
    'the question before CORS',
    'OPTIONS',
    { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
  ],
])(
  'a page that the user visits gets nothing done with %s, even with the token',
  async (_, method, headers) => {
    const answer = await send(devbox, {
      method,
      path: method === 'GET' ? routes.devboxes() : DRIVE_BY,
      headers,
      ...(method === 'POST' ? { body: touch('form') } : {}),
    });
    expect(answer).toMatchObject({ status: 403, body: { code: 'origin_refused' } });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    await nothingRan();
  },
);

test('a page that opens an EventSource or a WebSocket gets nothing', async () => {
  const stream = await get(devbox, routes.devboxEvents('local'), { origin: 'http://localhost:3000' });
  expect(stream.status).toBe(403);
  const { port } = new URL(devbox.server.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(
    'GET / HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\nconnection: upgrade, close\r\norigin: https://evil.example\r\n\r\n',
  );
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 403 /);
});

test.each([
  ['a name that was pointed here', 'rebound.evil.example'],
  ['with a port', 'rebound.evil.example:80'],
  ['one that begins like an address', '127.0.0.1.evil.example'],
  ['the address of everywhere', '0.0.0.0'],
  ['with a user', 'localhost@evil.example'],
])('DNS rebinding: a Host that is %s is refused, token or not', async (_, host) => {
  const answer = await send(devbox, {
    method: 'POST',
    path: DRIVE_BY,
    body: touch('host'),
    headers: { host },
  });
  expect(answer).toMatchObject({ status: 403, body: { code: 'host_refused' } });
  await nothingRan();
});

test.each(['HTTP/1.1\r\nhost:', 'HTTP/1.0'])('so is a request without any: %j', async (head) => {
  const { port } = new URL(devbox.server.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(
    `GET ${routes.devboxes()} ${head}\r\nauthorization: ${authorization()}\r\nconnection: close\r\n\r\n`,
  );
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 403 .*host_refused/s);
});

async function overHttp2(
  headers: OutgoingHttpHeaders,
  body?: string,
): Promise<{ status: number; text: string }> {
  const client = connectHttp2(devbox.server.url);
  onTestFinished(() => client.destroy());
  const stream = client.request({ authorization: authorization(), ...headers });
  stream.end(body);
  const [head] = await once(stream, 'response');
  return { status: head[':status'], text: await text(stream) };
}

test('the same over HTTP/2: :authority, Host beside it, Origin, token', async () => {
  const ask = (headers: OutgoingHttpHeaders) =>
    overHttp2({ ':method': 'POST', ':path': DRIVE_BY, ...headers }, touch('http2'));
  expect(await ask({ ':authority': 'evil.example' })).toMatchObject({ status: 403 });
  expect(await ask({ ':authority': 'localhost', host: 'evil.example' })).toMatchObject({ status: 403 });
  expect(await ask({ ':authority': 'evil.example', host: 'localhost' })).toMatchObject({ status: 403 });
  expect(await ask({ origin: 'https://evil.example' })).toMatchObject({ status: 403 });
  expect(await ask({ authorization: 'Bearer wrong' })).toMatchObject({ status: 401 });
  expect(await ask({ authorization: '' })).toMatchObject({ status: 401 });
  await nothingRan();
  expect(await overHttp2({ ':path': routes.devboxes() })).toMatchObject({ status: 200 });
});

test('a wrong token of any length is refused, and no answer tells how much of it was right', async () => {
  const token = devbox.server.token ?? '';
  const guesses = [token.slice(0, -1), `${token}x`, token.toUpperCase(), ` ${token}`, 'x'.repeat(10_000), ''];
  const answers = await Promise.all(
    guesses.map((guess) => get(devbox, routes.devboxes(), { authorization: `Bearer ${guess}` })),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
});

test('who guesses tokens is refused unseen; who worked before goes on, over the same address', async () => {
  await using own = await startTestDevbox({ listen: 'tcp', token: 'right' });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const { hostname, port } = new URL(own.server.url);
  const work = async (token = 'right') => {
    const headers = { authorization: `Bearer ${token}` };
    const outgoing = request({ hostname, port, agent, path: routes.devboxes(), headers }).end();
    const [incoming] = await once(outgoing, 'response');
    await text(incoming);
    return incoming.statusCode;
  };
  expect(await work()).toBe(200);
  const guess = (token: string) => get(own, routes.devboxes(), { authorization: `Bearer ${token}` });
  // One that is wrong again and again is nobody's guess: a client with an old token must not lock out the others.
  for (let n = 0; n < 50; n++) expect((await guess('old')).status).toBe(401);
  expect((await guess('right')).status).toBe(200);
  const statuses: number[] = [];
  for (let n = 0; n < 40; n++) statuses.push((await guess(`guess-${n}`)).status);
  expect(statuses).toEqual([...Array(19).fill(401), ...Array(21).fill(429)]);
  const refused = await guess('right');
  expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_tokens' } });
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50);
  expect(await work()).toBe(200);
  // Nor can its connection be used to guess.
  expect(await work('guess')).toBe(401);
  expect(await work()).toBe(429);
});

test('after a minute an address is heard again; the guesses of one are not held against another', () => {
  let now = 0;
  const check = new TokenCheck('right', () => now);
  const ask = (token: string, remoteAddress: string) =>
    check.check({ headers: { authorization: `Bearer ${token}` }, socket: { remoteAddress } } as never)
      ?.status;
  for (let n = 0; n < 20; n++) expect(ask(`guess-${n}`, 'a')).toBe(401);
  expect([ask('right', 'a'), ask('right', 'b'), ask('wrong', 'b')]).toEqual([429, undefined, 401]);
  now = 60_001;
  expect([ask('wrong', 'a'), ask('right', 'a')]).toEqual([401, undefined]);
});

test('honest use is slowed by none of this: a thousand requests, all answered', async () => {
  for (let n = 0; n < 10; n++) {
    const answers = await Promise.all(Array.from({ length: 100 }, () => get(devbox, routes.server())));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  }
});

test('a body beyond the limit is refused whatever its length claims to be, and leaves its shell alone', async () => {
  await execute(devbox, 'A=kept', 'bystander');
  const { port } = new URL(devbox.server.url);
  const chunked = connect(Number(port), '127.0.0.1');
  chunked.write(
    `POST ${DRIVE_BY} HTTP/1.1\r\nhost: localhost\r\nauthorization: ${authorization()}\r\ntransfer-encoding: chunked\r\n\r\n`,
  );
  for (let sent = 0; sent <= MAX_BODY_BYTES; sent += 2 ** 17)
    chunked.write(`20000\r\n${' '.repeat(2 ** 17)}\r\n`);
  chunked.write('0\r\n\r\n');
  expect(await text(chunked)).toMatch(/^HTTP\/1\.1 413 .*body_too_large/s);
  expect((await post(devbox, routes.devboxes(), ' '.repeat(MAX_BODY_BYTES + 1))).status).toBe(413);
  expect(await execute(devbox, 'echo $A', 'bystander')).toMatchObject({ stdout: 'kept\n' });
});
