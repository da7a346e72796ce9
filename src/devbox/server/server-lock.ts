import { basename, dirname } from 'node:path';
import { describeAddress, type ListenAddress } from './listen-address.ts';
import { type Lock, LockTakenError, lockHolder, takeLock } from './lock.ts';
import { directoryUnusable, ServerError } from './server-error.ts';

const STATE_LOCK = 'server.lock';

/** Whether a process has the state directory: a server that serves, starts or ends. */
export async function isServerAlive(stateDir: string): Promise<boolean> {
  return (await lockHolder(stateDir, STATE_LOCK)) !== undefined;
}

/**
 * Makes this server the only one of its state directory and, as two state directories may be given one socket, of
 * its socket.
 *
 * @throws ServerError `already_running`, `directory_unusable`
 */
export async function takeServerLock(stateDir: string, address: ListenAddress): Promise<Lock> {
  const what = `${describeAddress(address)}, state directory ${stateDir}`;
  const state = await take(stateDir, STATE_LOCK, what);
  if (!('socketPath' in address)) return state;
  const { socketPath } = address;
  try {
    const socket = await take(dirname(socketPath), `${basename(socketPath)}.lock`, what);
    return {
      release: async () => {
        await socket.release();
        await state.release();
      },
    };
  } catch (error) {
    await state.release();
    throw error;
  }
}

async function take(dir: string, name: string, what: string): Promise<Lock> {
  try {
    return await takeLock(dir, name, what);
  } catch (error) {
    if (!(error instanceof LockTakenError)) throw directoryUnusable(dir, error);
    const { pid, what: theirs } = error.holder;
    throw new ServerError(
      'already_running',
      `A server already runs here: process ${pid}, on ${theirs}. Use that one, stop it, or give another NSH_STATE_DIR.`,
      { cause: error },
    );
  }
}
