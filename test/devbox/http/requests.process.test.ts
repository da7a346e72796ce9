import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { MAX_BODY_BYTES } from '../../../src/devbox/http/read-body.ts';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';
import { get, post, send } from './raw-client.ts';

let socket: TestDevbox;
let tcp: TestDevbox;
beforeAll(async () => {
  socket = await startTestDevbox();
  tcp = await startTestDevbox({ listen: 'tcp', token: 'the-token' });
});
afterAll(async () => {
  await socket[Symbol.asyncDispose]();
  await tcp[Symbol.asyncDispose]();
});

test('a path that does not exist answers with those that do', async () => {
  const answer = await get(socket, '/v1/nothing');
  expect(answer).toMatchObject({ status: 404, body: { code: 'route_not_found' } });
  expect(answer.body.message).toContain('GET /v1/nothing');
  expect(answer.body.message).toContain('POST /v1/devboxes/:id/execute');
});

test.each([
  ['DELETE', routes.devbox('local'), 'GET, POST'],
  ['GET', routes.execute('local'), 'POST'],
  ['POST', routes.shell('local', 'main'), 'GET, PUT'],
  ['PATCH', routes.devboxes(), 'POST, GET'],
])('a wrong method is answered with the right ones: %s %s', async (method, path, allowed) => {
  const answer = await send(socket, { method, path });
  expect(answer).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
  expect(answer.headers.allow).toBe(allowed);
});

test.each([
  ['no JSON', '{"command":', 'body_not_json'],
  ['no object', '[1]', 'body_invalid'],
  ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'body_not_utf8'],
  ['two wrong fields', { command: 1, attach_stdin: 'yes' }, 'body_invalid'],
])('a body that is %s', async (_, body, code) => {
  const answer = await post(socket, routes.executeAsync('local'), body);
  expect(answer).toMatchObject({ status: 400, body: { code } });
  if (code === 'body_invalid' && !Array.isArray(body) && typeof body === 'object') {
    expect(answer.body.message).toMatch(/command: .*attach_stdin: /);
  }
});

test.each([MAX_BODY_BYTES + 1, 4 * MAX_BODY_BYTES])('a body of %d bytes is refused', async (size) => {
  const answer = await post(socket, routes.executeAsync('local'), ' '.repeat(size));
  expect(answer).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
  expect(answer.headers.connection).toBe('close');
});

test('the server tells what it is', async () => {
  const answer = await get(socket, routes.server());
  expect(answer.body).toMatchObject({ version: '0.0.0-test', pid: process.pid });
  expect(answer.body.bash_version).toMatch(/^\d+\.\d+/);
  expect(answer.body.capabilities).toEqual(expect.arrayContaining(['shells', 'raw_output']));
});

test.each([
  ['no token', { authorization: '' }],
  ['a wrong token', { authorization: 'Bearer the-tokem' }],
  ['a longer token', { authorization: 'Bearer the-token1' }],
  ['another scheme', { authorization: 'Basic the-token' }],
])('over TCP %s is refused', async (_, headers) => {
  const answer = await get(tcp, routes.server(), headers);
  expect(answer).toMatchObject({ status: 401, body: { code: 'token_wrong' } });
  expect(answer.bytes.toString()).not.toContain('the-token');
});

test('the token opens', async () => {
  expect((await get(tcp, routes.server())).status).toBe(200);
});

test.each([
  ['evil.example', 403],
  ['evil.example:80', 403],
  ['127.0.0.1.evil.example', 403],
  ['localhost:1', 200],
  ['127.0.0.1', 200],
  ['[::1]:9', 200],
])('a Host of %j is answered with %d', async (host, status) => {
  const answer = await get(tcp, routes.server(), { host });
  expect(answer.status).toBe(status);
  if (status === 403) expect(answer.body.code).toBe('host_refused');
});

test.each(['socket', 'tcp'] as const)('a web page is refused over %s, token or not', async (kind) => {
  const answer = await get(kind === 'tcp' ? tcp : socket, routes.server(), { origin: 'http://localhost' });
  expect(answer).toMatchObject({ status: 403, body: { code: 'origin_refused' } });
});

test('a request target that is no path is answered with JSON', async () => {
  const { socketPath } = socket.server;
  const connection = connect(socketPath ?? '');
  connection.write('GET http://[ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
  const answer = await text(connection);
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect(answer).toContain('"code"');
});
