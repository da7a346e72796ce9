import { once } from 'node:events';
import { linkSync } from 'node:fs';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { type RunningServer, startServer } from '../../../src/devbox/server/start-server.ts';
import { startTestDevbox } from '../../helpers/devbox-server.ts';
import { execute, launch } from '../http/commands.ts';
import { get, open, post } from '../http/raw-client.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'nsh-server-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const start = (name: string, socket: string, more = {}): Promise<RunningServer> =>
  startServer({
    version: 'test',
    stateDir: join(root, name),
    listen: { socketPath: join(root, socket) },
    env: { PATH: process.env.PATH, HOME: root },
    ...more,
  });

test.each([
  ['state directory', ['state', 'state', 'state', 'state'], ['1.sock', '2.sock', '3.sock', '4.sock']],
  ['socket', ['1', '2', '3', '4'], ['s.sock', 's.sock', 's.sock', 's.sock']],
])(
  'of servers that race for one %s exactly one starts, the others say who has it',
  async (_, names, sockets) => {
    const attempts = await Promise.allSettled(names.map((name, index) => start(name, sockets[index] ?? '')));
    const won = attempts.filter((attempt) => attempt.status === 'fulfilled');
    expect(won).toHaveLength(1);
    for (const attempt of attempts) {
      if (attempt.status === 'fulfilled') continue;
      expect(attempt.reason).toMatchObject({ name: 'ServerError', code: 'already_running' });
      expect(attempt.reason.message).toContain(`process ${process.pid}`);
    }
    await won[0]?.value.close();
  },
);

test('after a server was closed the next one starts, and nothing but what is kept is left', async () => {
  await (await start('state', 's.sock')).close();
  const second = await start('state', 's.sock');
  await second.close();
  expect((await readdir(root)).filter((name) => name.endsWith('.sock'))).toEqual([]);
  expect(await readdir(join(root, 'state', 'devboxes', 'local', 'executions'))).toEqual([]);
});

test('a socket that a dead server left is replaced', async () => {
  const dead = createServer().listen(join(root, 's.sock'));
  await once(dead, 'listening');
  // A copy of the name outlives the listener, as after kill -9.
  linkSync(join(root, 's.sock'), join(root, 'kept'));
  dead.close();
  await once(dead, 'close');
  linkSync(join(root, 'kept'), join(root, 's.sock'));
  const server = await start('state', 's.sock');
  await server.close();
});

test('a socket that somebody listens on, or a file in its place, is left alone', async () => {
  const other = createServer().listen(join(root, 'other.sock'));
  await once(other, 'listening');
  await expect(start('state', 'other.sock')).rejects.toMatchObject({ code: 'already_running' });
  await writeFile(join(root, 'file.sock'), 'precious');
  await expect(start('state', 'file.sock')).rejects.toMatchObject({ code: 'listen_failed' });
  expect(await readFile(join(root, 'file.sock'), 'utf8')).toBe('precious');
  other.close();
  // Both failures let go of the state directory.
  await (await start('state', 'free.sock')).close();
});

test('the socket is 0600 in a directory that is 0700', async () => {
  const server = await start('state', 'run/s.sock');
  expect((await stat(join(root, 'run'))).mode & 0o777).toBe(0o700);
  expect((await stat(join(root, 'run/s.sock'))).mode & 0o777).toBe(0o600);
  await server.close();
});

test('a directory that others may enter is closed to them', async () => {
  await mkdir(join(root, 'state'), { mode: 0o755 });
  await chmod(join(root, 'state'), 0o755);
  const server = await start('state', 's.sock');
  expect((await stat(join(root, 'state'))).mode & 0o777).toBe(0o700);
  await server.close();
});

test('a state directory or a socket’s directory that is a symbolic link is refused', async () => {
  await mkdir(join(root, 'target'));
  await symlink(join(root, 'target'), join(root, 'link'));
  await expect(start('link', 's.sock')).rejects.toMatchObject({ code: 'directory_unsafe' });
  await expect(start('state', 'link/s.sock')).rejects.toMatchObject({ code: 'directory_unsafe' });
  expect(await readdir(join(root, 'target'))).toEqual([]);
});

test('a directory of another user is refused', async () => {
  // Only root can give a directory away; to everyone else /tmp is one.
  const isRoot = process.getuid?.() === 0;
  const dir = isRoot ? join(root, 'theirs') : '/tmp';
  if (isRoot) {
    await mkdir(dir, { mode: 0o700 });
    await chown(dir, 12345, 12345);
  }
  await expect(start('state', '', { listen: { socketPath: join(dir, 's.sock') } })).rejects.toMatchObject({
    code: 'directory_unsafe',
  });
});

test('a directory with another use is never closed to others', async () => {
  await mkdir(join(root, 'shared'));
  await chmod(join(root, 'shared'), 0o755);
  await writeFile(join(root, 'shared', 'file'), '');
  await expect(start('shared', 's.sock')).rejects.toMatchObject({ code: 'directory_unsafe' });
  expect((await stat(join(root, 'shared'))).mode & 0o777).toBe(0o755);
});

test.each(['0.0.0.0', '::', '192.168.1.2', 'example.com', '127.0.0.1.example.com'])(
  'listening on %s is refused',
  async (host) => {
    await expect(start('state', '', { listen: { host, port: 0 }, token: 't' })).rejects.toMatchObject({
      code: 'not_loopback',
    });
  },
);

test('TCP needs a token, and a free port', async () => {
  await expect(start('state', '', { listen: { host: '127.0.0.1', port: 0 } })).rejects.toMatchObject({
    code: 'token_missing',
  });
  const first = await start('1', '', { listen: { host: '127.0.0.1', port: 0 }, token: 't' });
  const port = Number(new URL(first.url).port);
  await expect(start('2', '', { listen: { host: '127.0.0.1', port }, token: 't' })).rejects.toMatchObject({
    code: 'address_in_use',
  });
  await first.close();
});

test('no bash: the error of the engine comes through and nothing is held', async () => {
  await mkdir(join(root, 'bin'));
  const attempt = start('state', 's.sock', { env: { PATH: join(root, 'bin'), HOME: join(root, 'missing') } });
  // A machine has a bash in one of the usual places, which is looked for too: then the server starts.
  const server = await attempt.catch((error: unknown) => error);
  if (server instanceof Error) expect(server.name).toBe('BashNotFoundError');
  else await (server as RunningServer).close();
});

test('an aborted signal closes the server', async () => {
  const controller = new AbortController();
  const server = await start('state', 's.sock', { signal: controller.signal });
  controller.abort();
  await server.closed;
  expect((await readdir(root)).filter((name) => name.endsWith('.sock'))).toEqual([]);
});

test('close ends running commands and their streams, and is idempotent', async () => {
  await using devbox = await startTestDevbox();
  const id = await launch(devbox, 'echo $$; sleep 1000', 'main');
  const incoming = await open(devbox, { method: 'GET', path: routes.output('local', id, 'stdout') });
  const [pid] = await once(incoming, 'data');
  const ended = once(incoming, 'end');
  incoming.resume();
  await Promise.all([devbox.server.close(), devbox.server.close()]);
  await ended;
  expect(() => process.kill(Number(String(pid)), 0)).toThrow('ESRCH');
});

test('stop is answered, then the server ends', async () => {
  await using devbox = await startTestDevbox();
  expect((await post(devbox, routes.stopServer())).body).toEqual({});
  await devbox.server.closed;
  await expect(get(devbox, routes.server())).rejects.toThrow(/ENOENT|ECONNREFUSED/);
});

test('an idle server ends by itself, but not while a shell is left', async () => {
  await using devbox = await startTestDevbox({ idleExitMs: 300 });
  await execute(devbox, ':', 'main');
  let isClosed = false;
  const closed = devbox.server.closed.then(() => {
    isClosed = true;
  });
  const started = performance.now();
  while (performance.now() - started < 900) {
    // The shell itself measures the time, so that no request keeps the server in use meanwhile.
    await execute(devbox, 'sleep 0.4', 'main');
    expect(isClosed).toBe(false);
  }
  await post(devbox, routes.closeShell('local', 'main'));
  await closed;
});

test('what shells inherit is scrubbed', async () => {
  await using devbox = await startTestDevbox({
    env: {
      PATH: process.env.PATH,
      HOME: root,
      NSH_TOKEN: 'secret',
      npm_lifecycle_event: 'start',
      NODE_ENV: 'production',
    },
  });
  const view = await execute(devbox, 'env', 'main');
  expect(view.stdout).not.toMatch(/NSH_TOKEN|npm_|NODE_ENV/);
  expect(view.stdout).toContain(`HOME=${root}\n`);
});
