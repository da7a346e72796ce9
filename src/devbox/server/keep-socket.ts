import { chmod, lstat } from 'node:fs/promises';
import type { Server as HttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { dirname } from 'node:path';
import { privateDirectory } from './private-directory.ts';

/** How often to look, ms: a client that finds no socket tries again for about so long. */
const LOOK_EVERY_MS = 5_000;

/**
 * Puts a server's socket back when it has vanished: a logout empties the runtime directory, while the server and its
 * shells live on, and nobody could reach or stop them any more. Something else in its place is left alone.
 *
 * @returns stops looking, and listening where it listened again
 */
export function keepSocket(server: HttpServer, path: string, lookEveryMs = LOOK_EVERY_MS): () => void {
  let again: Server | undefined;
  let looking = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    try {
      if (await exists(path)) return;
      again?.close();
      await privateDirectory(dirname(path));
      again = await listenFor(server, path);
    } catch {
      // The runtime directory comes back with the next login; until then there is no place for a socket.
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(look, lookEveryMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    again?.close();
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** One HTTP server cannot listen twice, but it takes connections that another accepted. */
async function listenFor(server: HttpServer, path: string): Promise<Server> {
  const accepting = createServer((socket) => server.emit('connection', socket));
  accepting.maxConnections = server.maxConnections;
  await new Promise<void>((resolve, reject) => {
    accepting.once('error', reject);
    accepting.listen(path, resolve);
  });
  await chmod(path, 0o600);
  return accepting;
}
