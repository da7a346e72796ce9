import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { DevboxClient, type DevboxClientOptions, LOCAL_DEVBOX_ID } from '../../src/index.ts';
import { type ConnectProxyOptions, startConnectProxy } from '../helpers/connect-proxy.ts';
import { startTestDevbox } from '../helpers/devbox-server.ts';
import { answer, MisbehavingServer } from '../helpers/misbehaving-server.ts';
import { startTlsServer, trustTestCertificate } from '../helpers/tls-server.ts';
import { completed } from './views.ts';

const VARIABLES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'];

beforeAll(trustTestCertificate);
beforeEach(() => {
  for (const name of VARIABLES) vi.stubEnv(name, undefined);
});
afterEach(() => vi.unstubAllEnvs());

/** A service that can be reached by its name through the proxy alone. */
async function open(proxyOptions: Partial<ConnectProxyOptions> = {}) {
  const stack = new AsyncDisposableStack();
  const devbox = stack.use(await startTestDevbox());
  const tls = stack.use(await startTlsServer({ http2: true, behind: devbox.server.socketPath }));
  const proxy = stack.use(await startConnectProxy({ port: tls.port, ...proxyOptions }));
  const connect = (options: DevboxClientOptions = {}) =>
    stack.use(new DevboxClient({ baseURL: 'https://service.test', bearerToken: 'any-key', ...options }));
  return { tls, proxy, devbox, connect, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const shellOf = (client: DevboxClient) => client.devbox.fromId(LOCAL_DEVBOX_ID).shell('proxied');

test.each(['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY'])(
  '%s is honoured, with HTTP/2 in the tunnel',
  async (name) => {
    await using place = await open();
    vi.stubEnv(name, `http://user:p%40ss@127.0.0.1:${place.proxy.port}`);
    const result = await shellOf(place.connect()).exec('echo through');
    expect(await result.stdout()).toBe('through\n');
    expect(place.proxy.requests).toEqual(['CONNECT service.test:443']);
    expect(place.proxy.authorizations).toEqual([`Basic ${Buffer.from('user:p@ss').toString('base64')}`]);
    expect(place.tls.requests.every((line) => line.startsWith('2.0'))).toBe(true);
  },
);

test('a host and a port are enough for a proxy', async () => {
  await using place = await open();
  vi.stubEnv('HTTPS_PROXY', `127.0.0.1:${place.proxy.port}`);
  expect((await shellOf(place.connect()).exec('true')).exitCode).toBe(0);
});

test('NO_PROXY is honoured', async () => {
  await using place = await open();
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${place.proxy.port}`);
  vi.stubEnv('NO_PROXY', 'example.com,.test');
  const direct = shellOf(place.connect({ maxRetries: 0 })).exec('true');
  // The name is known to the proxy alone.
  await expect(direct).rejects.toMatchObject({ kind: 'connection' });
  expect(place.proxy.requests).toEqual([]);
});

test('a proxy is never used for a socket or for this machine', async () => {
  await using place = await open();
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY']) vi.stubEnv(name, `http://127.0.0.1:${place.proxy.port}`);
  const { socketPath } = place.devbox.server;
  expect((await shellOf(place.connect({ socketPath })).exec('true')).exitCode).toBe(0);
  const baseURL = `https://localhost:${place.tls.port}`;
  expect((await shellOf(place.connect({ baseURL })).exec('true')).exitCode).toBe(0);
  expect(place.proxy.requests).toEqual([]);
});

test.each([407, 403])(
  'a proxy that refuses with %i is an error of its own kind, asked once',
  async (status) => {
    await using place = await open({ refuse: () => status });
    vi.stubEnv('HTTPS_PROXY', `http://user:secret-word@127.0.0.1:${place.proxy.port}`);
    const launched = shellOf(place.connect()).execAsync('deploy');
    const error = await launched.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'proxy' });
    const { message } = error as Error;
    expect(message).toContain(
      `the proxy http://127.0.0.1:${place.proxy.port} did not let it through to https://service.test`,
    );
    expect(message).toContain(`it answered ${status}`);
    expect(message).toContain('Nothing was sent.');
    expect(message).not.toContain('secret-word');
    expect(place.proxy.requests).toHaveLength(1);
    expect(place.tls.requests).toEqual([]);
  },
);

test('a proxy that cannot reach the server now is asked again, also for what must not be sent twice', async () => {
  await using place = await open({ refuse: (index) => (index < 2 ? 502 : undefined) });
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${place.proxy.port}`);
  const execution = await shellOf(place.connect()).execAsync('cat; echo once', { attach_stdin: true });
  await execution.closeStdIn();
  expect(await (await execution.result()).stdout()).toBe('once\n');
  expect(place.tls.requests.filter((line) => /\/execute(_async)?$/.test(line))).toHaveLength(1);
  expect(place.proxy.requests).toHaveLength(3);
});

test('a proxy that is not there is named', async () => {
  await using place = await open();
  vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9');
  const refused = shellOf(place.connect({ maxRetries: 0 })).exec('true');
  await expect(refused).rejects.toThrow(
    'cannot connect to https://service.test through the proxy http://127.0.0.1:9: connection refused (ECONNREFUSED). Nothing was sent.',
  );
});

test('plain HTTP goes through HTTP_PROXY by its whole address; 407 there is the same error', async () => {
  const service = await MisbehavingServer.start();
  service.on('POST /execute', answer(200, completed('plain\n')));
  await using open = await startConnectProxy({ port: service.port });
  await using closed = await startConnectProxy({ port: service.port, refuse: () => 407 });
  const options = { baseURL: 'http://service.test', bearerToken: 'any-key' };
  vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${open.port}`);
  await using client = new DevboxClient(options);
  expect(await (await client.devbox.fromId('d').cmd.exec('true')).stdout()).toBe('plain\n');
  expect(open.requests).toEqual(['POST http://service.test/v1/devboxes/d/execute']);
  vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${closed.port}`);
  await using refused = new DevboxClient(options);
  await expect(refused.devbox.fromId('d').cmd.exec('true')).rejects.toMatchObject({ kind: 'proxy' });
  expect(closed.requests).toHaveLength(1);
  await service.close();
});

test('an address that is none is refused at once, without showing it', () => {
  vi.stubEnv('HTTPS_PROXY', 'ftp://user:secret-word@proxy');
  const make = () => new DevboxClient({ baseURL: 'https://service.test', bearerToken: 'any-key' });
  expect(make).toThrow('The proxy in HTTPS_PROXY is not an http:// or https:// address.');
  expect(make).not.toThrow('secret-word');
});
