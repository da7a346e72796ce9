import net from 'node:net';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { hasLeftShells } from '../../devbox/server/left-shells.ts';
import { isPrivateDirectory } from '../../devbox/server/private-directory.ts';
import { isBeingRestarted } from '../../devbox/server/restart-lock.ts';
import { socketPath } from '../../devbox/server/socket-path.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-status.ts';
import type { StateDirectory } from '../state-directory.ts';
import { startBackground } from './start-background.ts';

/** What a connection to a socket that nobody serves fails with; a crash leaves the file behind. */
const NOBODY = new Set(['ENOENT', 'ENOTDIR', 'ECONNREFUSED']);

/** A server that another nsh replaces is looked at again after so long, ms. */
const LOOK_AGAIN_MS = 50;

/**
 * Whether a server listens on the socket.
 *
 * @throws CliError with status 69 when that cannot be found out
 */
export function isListening(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (NOBODY.has(error.code ?? '')) resolve(false);
      else reject(unreachable(path, error));
    });
  });
}

function unreachable(path: string, error: NodeJS.ErrnoException): CliError {
  return new CliError(
    EXIT.connection,
    `the socket ${path} of the local devbox cannot be reached: ${error.code}. Check who may use it, or set NSH_STATE_DIR to another folder.`,
    { cause: error },
  );
}

/**
 * The socket of the state directory's background server, or undefined when none runs.
 *
 * @throws ServerError when the socket's directory is not this user's alone: somebody else may listen there
 */
async function findLocalServer(state: StateDirectory): Promise<string | undefined> {
  const path = socketPath(state.path, process.env);
  if (!(await isPrivateDirectory(dirname(path)))) return undefined;
  return (await isListening(path)) ? path : undefined;
}

/**
 * The socket of the background server, if there is one or a killed one has left shells: then one is started, which
 * takes them over. Undefined: there are no shells.
 *
 * @param entry path of this program
 * @throws CliError with status 72 and the reason when it cannot start
 */
export async function findShellsServer(entry: string, state: StateDirectory): Promise<string | undefined> {
  const running = await findLocalServer(state);
  if (running !== undefined || !(await hasLeftShells(state.path))) return running;
  return ensureLocalServer(entry, state);
}

/**
 * The socket of the state directory's background server, started when it was not there.
 *
 * @param entry path of this program
 * @throws CliError with status 72 and the reason when it cannot start
 */
export async function ensureLocalServer(entry: string, state: StateDirectory): Promise<string> {
  const running = await findLocalServer(state);
  if (running !== undefined) return running;
  while (await isBeingRestarted(state.path)) {
    const restarted = await findLocalServer(state);
    if (restarted !== undefined) return restarted;
    await setTimeout(LOOK_AGAIN_MS);
  }
  await startOnce(entry, state);
  return socketPath(state.path, process.env);
}

/** Starts that this process waits for: when a server dies, several parts of it miss it at once. */
const starting = new Map<string, Promise<void>>();

function startOnce(entry: string, state: StateDirectory): Promise<void> {
  const known = starting.get(state.path);
  if (known !== undefined) return known;
  const start = startBackground(entry, state).finally(() => starting.delete(state.path));
  starting.set(state.path, start);
  return start;
}
