import { type Lock, LockTakenError, lockHolder, takeLock } from './lock.ts';
import { ServerError } from './server-error.ts';

const RESTART_LOCK = 'restart.lock';

/**
 * For whoever replaces the server of a state directory by another: while it is held, nobody else starts one there, though
 * every client sees the old one go.
 *
 * @throws ServerError `already_running` when another process replaces it
 */
export async function takeRestartLock(stateDir: string): Promise<Lock> {
  try {
    return await takeLock(stateDir, RESTART_LOCK, `a restart of the server of ${stateDir}`);
  } catch (error) {
    if (!(error instanceof LockTakenError)) throw error;
    throw new ServerError(
      'already_running',
      `Process ${error.holder.pid} is restarting the server already.`,
      {
        cause: error,
      },
    );
  }
}

/** Whether another process than this one replaces the server. */
export async function isBeingRestarted(stateDir: string): Promise<boolean> {
  const holder = await lockHolder(stateDir, RESTART_LOCK);
  return holder !== undefined && holder.pid !== process.pid;
}
