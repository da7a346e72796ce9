import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOCAL_DEVBOX_ID } from '../api/extension/server.ts';
import { BUILD, VERSION } from '../version.ts';
import { removeAbandoned, removeAtExit, TEMPORARY_PREFIX } from './server/abandoned.ts';
import { DirectoryError } from './server/server-error.ts';
import { startServer } from './server/start-server.ts';
import type { EmbeddedDevbox, StartDevboxOptions } from './start-devbox.ts';

/** What `startDevbox` does. */
export async function embedDevbox(options: StartDevboxOptions): Promise<EmbeddedDevbox> {
  const { signal, port = 0, token = randomBytes(32).toString('base64url'), env = process.env } = options;
  signal?.throwIfAborted();
  await removeAbandoned(tmpdir());
  const root = await mkdtemp(join(await realpath(tmpdir()), TEMPORARY_PREFIX));
  const remove = () => rm(root, { recursive: true, force: true, maxRetries: 5 });
  try {
    const home = join(root, 'home');
    await mkdir(home, { mode: 0o700 });
    const server = await startServer({
      listen: { host: '127.0.0.1', port },
      stateDir: join(root, 'state'),
      token,
      version: VERSION,
      build: BUILD,
      env: { ...env, HOME: home },
      keepsShells: false,
      ...(signal === undefined ? {} : { signal }),
    });
    const forget = removeAtExit(root);
    const closed = server.closed.then(remove).finally(forget);
    // Whoever waits for it is told; whoever does not is not ended by it.
    closed.catch(() => undefined);
    const close = async () => {
      await server.close();
      await closed;
    };
    return {
      baseURL: server.url,
      bearerToken: token,
      devboxId: LOCAL_DEVBOX_ID,
      home,
      closed,
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await remove();
    throw error instanceof DirectoryError ? error.chosenBy('TMPDIR') : error;
  }
}
