import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';

const MIB = 2 ** 20;
const file = (name: string) => path.join(import.meta.dirname, name);

async function startServer(): Promise<string> {
  const server = fork(file('../bench/client/output-server.ts'));
  onTestFinished(() => server.disconnect());
  const [port] = await once(server, 'message');
  return `http://127.0.0.1:${port}`;
}

it.each(['callback', 'stream', 'lines'])(
  'streaming 1 GiB by %s keeps nothing of it',
  async (how) => {
    const url = await startServer();
    // A process of its own: its resident set is of this stream alone.
    const { stdout } = await promisify(execFile)(process.execPath, [
      file('fixtures/stream-a-lot.ts'),
      url,
      how,
    ]);
    const { received, grown } = JSON.parse(stdout);
    expect(received).toBe(1024 * MIB);
    // What grows is V8's young generation, to its fixed size.
    expect(grown).toBeLessThan(64 * MIB);
  },
  300_000,
);
