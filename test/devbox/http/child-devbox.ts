import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestDevbox } from '../../helpers/devbox-server.ts';

const PROGRAM = fileURLToPath(new URL('../fixtures/serve.ts', import.meta.url));

export interface ChildDevbox extends TestDevbox {
  readonly pid: number;
}

/**
 * An embedded devbox in a process of its own.
 *
 * @param limits shell commands that limit the process before it starts, such as `ulimit -n 100`
 * @param stateDir in a temporary directory if unset
 */
export async function startChildDevbox(limits: string, stateDir?: string): Promise<ChildDevbox> {
  const root = await mkdtemp(join(tmpdir(), 'nsh-child-'));
  const home = await mkdtemp(join(root, 'home-'));
  const socketPath = join(root, 'nsh.sock');
  const state = stateDir ?? join(root, 'state');
  const child = spawn(
    'bash',
    ['-c', `${limits}; exec "$0" "$@"`, process.execPath, PROGRAM, socketPath, state, home],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await ready(child);
  const close = async () => {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    child.kill('SIGTERM');
    await ended;
    await rm(root, { recursive: true, force: true });
  };
  return {
    pid: child.pid ?? 0,
    home,
    stateDir: state,
    server: { url: 'http://localhost', socketPath, closed: Promise.resolve(), close },
    [Symbol.asyncDispose]: close,
  };
}

async function ready(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`The server ended with ${code} before it was ready.`);
  });
  if (child.stdout === null) throw new Error('The server has no stdout.');
  await Promise.race([once(child.stdout, 'data'), exited]);
  exited.catch(() => undefined);
}
