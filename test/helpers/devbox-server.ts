import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningServer, type ServerOptions, startServer } from '../../src/devbox/server/start-server.ts';

export interface TestDevbox extends AsyncDisposable {
  readonly server: RunningServer;
  /** The home of the devbox `local`; with `stateDir` in a temporary directory that goes with the server. */
  readonly home: string;
  readonly stateDir: string;
}

export interface TestDevboxOptions extends Partial<Omit<ServerOptions, 'listen'>> {
  /** `socket` (the default), or `tcp`: 127.0.0.1 on a free port with a token. */
  readonly listen?: 'socket' | 'tcp';
}

const TEST_TOKEN = 'test-token';

/** An embedded devbox in this process, with an empty home and a short environment: `await using devbox = …`. */
export async function startTestDevbox(options: TestDevboxOptions = {}): Promise<TestDevbox> {
  const { listen, ...rest } = options;
  const root = await mkdtemp(join(tmpdir(), 'nsh-test-'));
  const home = await mkdtemp(join(root, 'home-'));
  const stateDir = options.stateDir ?? join(root, 'state');
  const server = await startServer({
    version: '0.0.0-test',
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: home, LANG: 'C.UTF-8' },
    ...rest,
    ...(listen === 'tcp' ? { token: options.token ?? TEST_TOKEN } : {}),
    listen: listen === 'tcp' ? { host: '127.0.0.1', port: 0 } : { socketPath: join(root, 'nsh.sock') },
    stateDir,
  });
  return {
    server,
    home,
    stateDir,
    async [Symbol.asyncDispose]() {
      await server.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
