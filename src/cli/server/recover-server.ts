import { setTimeout } from 'node:timers/promises';
import { hasLeftShells } from '../../devbox/server/left-shells.ts';
import { isServerAlive } from '../../devbox/server/server-lock.ts';
import { socketPath } from '../../devbox/server/socket-path.ts';
import type { StateDirectory } from '../state-directory.ts';
import { ensureLocalServer, isListening } from './local-server.ts';

/** A server that begins or ends is looked at again after so long, ms. */
const LOOK_AGAIN_MS = 50;

/**
 * The local devbox went away under a command: one that was killed, or makes room for another, has left its shells, and
 * the next server goes on with what runs in them. Started here unless somebody else does.
 *
 * @param entry path of this program
 * @returns false when it was stopped, and its shells with it
 * @throws CliError with status 72 and the reason when it cannot start
 */
export async function recoverServer(entry: string, state: StateDirectory): Promise<boolean> {
  // A process that stops has shells until it has ended them.
  while (await isServerAlive(state.path)) {
    if (await isListening(socketPath(state.path, process.env))) return true;
    await setTimeout(LOOK_AGAIN_MS);
  }
  if (!(await hasLeftShells(state.path))) return false;
  await ensureLocalServer(entry, state);
  return true;
}
