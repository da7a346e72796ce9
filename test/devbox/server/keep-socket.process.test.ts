import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keepSocket } from '../../../src/devbox/server/keep-socket.ts';

test('a socket that vanished comes back, as often as it vanishes', async () => {
  const root = await mkdtemp(join(tmpdir(), 'nsh-keep-'));
  const path = join(root, 'run', 's.sock');
  const server = createServer((_, response) => response.end('here'));
  server.listen(join(root, 'first.sock'));
  await once(server, 'listening');
  const letGo = keepSocket(server, path, 10);
  try {
    for (let round = 0; round < 2; round++) {
      await expect.poll(() => ask(path), { timeout: 5_000 }).toBe(200);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect((await stat(join(root, 'run'))).mode & 0o777).toBe(0o700);
      await rm(join(root, 'run'), { recursive: true });
    }
  } finally {
    letGo();
    server.close();
    await rm(root, { recursive: true, force: true });
  }
});

function ask(socketPath: string): Promise<number | string> {
  return new Promise((resolve) => {
    const outgoing = request({ socketPath, path: '/', agent: false }, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode ?? 0);
    });
    outgoing.once('error', (error) => resolve(error.message));
    outgoing.end();
  });
}
