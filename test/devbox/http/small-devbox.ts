import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBash } from '../../../src/devbox/engine/bash/find-bash.ts';
import { createListener } from '../../../src/devbox/http/listener.ts';
import { DevboxHost } from '../../../src/devbox/model/devbox/devbox-host.ts';
import type { TestDevbox } from '../../helpers/devbox-server.ts';

/**
 * The HTTP interface over a host that holds little output, without the life cycle of a server.
 *
 * @param outputCapBytes most bytes held of each output stream
 * @param capabilities what it says of itself
 * @param mostDevboxes that may be created
 */
export async function startSmallDevbox(
  outputCapBytes: number,
  capabilities: string[] = [],
  mostDevboxes?: number,
): Promise<TestDevbox> {
  const root = await mkdtemp(join(tmpdir(), 'nsh-small-'));
  const home = await mkdtemp(join(root, 'home-'));
  const stateDir = join(root, 'state');
  const bash = await findBash();
  const host = await DevboxHost.open({
    stateDir,
    bash,
    home,
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
    outputCapBytes,
    ...(mostDevboxes === undefined ? {} : { mostDevboxes }),
    onBashEnded: () => undefined,
  });
  const about = { version: '0.0.0-test', pid: process.pid, started_at_ms: 0, bash_version: bash.version };
  const listener = createListener({
    service: { host, server: { ...about, capabilities }, stop: () => undefined, leave: () => undefined },
    guard: () => undefined,
    onActivity: () => undefined,
  });
  const server = createServer(listener);
  const socketPath = join(root, 'nsh.sock');
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const close = async () => {
    await host.close();
    server.closeAllConnections();
    await host.dispose();
    await rm(root, { recursive: true, force: true });
  };
  return {
    home,
    stateDir,
    server: { url: 'http://localhost', socketPath, closed: Promise.resolve(), close },
    [Symbol.asyncDispose]: close,
  };
}
