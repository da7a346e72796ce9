import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-status.ts';
import { withoutOwnSecrets } from '../own-secrets.ts';
import type { StateDirectory } from '../state-directory.ts';
import { READY_DESCRIPTOR, readReadyMessage } from './ready-message.ts';
import { openServerLog, serverLogPath } from './server-log.ts';

/**
 * Starts the background server and waits until it serves, or until another one was found serving. It runs in a
 * session of its own, so Ctrl-C and a closed terminal do not reach it, and in `/`, so that it holds no folder.
 *
 * @param entry path of the program to start: this one
 * @throws CliError with the text in which the server says why it could not start
 */
export async function startBackground(entry: string, state: StateDirectory): Promise<void> {
  await using log = await openServerLog(state);
  const child = spawn(process.execPath, [entry, 'serve', '--background'], {
    cwd: '/',
    detached: true,
    env: { ...withoutOwnSecrets(process.env), NSH_STATE_DIR: state.path },
    stdio: ['ignore', log.fd, log.fd, 'pipe'],
  });
  child.unref();
  const report = child.stdio[READY_DESCRIPTOR] as Readable;
  // A process that cannot be spawned has no end of its pipe to wait for.
  const failed = once(child, 'error').then(([error]) => {
    throw new CliError(EXIT.cannotStart, `the local devbox cannot be started: ${(error as Error).message}.`);
  });
  // The child that was spawned never emits it: this must not count as unhandled once the race is over.
  failed.catch(() => undefined);
  const message = await Promise.race([readReadyMessage(report), failed]);
  if (message === undefined) {
    throw new CliError(
      EXIT.cannotStart,
      `the local devbox ended while it started. Its log ${serverLogPath(state.path)} says more.`,
    );
  }
  if (!message.ready) throw new CliError(message.exitStatus, message.message);
}
