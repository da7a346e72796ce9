import { type FileHandle, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { privateDirectory } from '../../devbox/server/private-directory.ts';
import { openPrivate } from '../../files/open-private.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-status.ts';
import { COMPILE_CACHE, type StateDirectory } from '../state-directory.ts';

/** A log that grew past this starts anew with the next server. */
const MAX_BYTES = 1024 * 1024;

export const serverLogPath = (stateDir: string) => path.join(stateDir, 'server.log');

/**
 * Opens the file that takes the background server's stdout and stderr, and makes the state directory for it, with the
 * folder of the compile cache.
 *
 * @throws ServerError when the state directory is not this user's alone; CliError with status 72 when the log in it
 * cannot be written
 */
export async function openServerLog(state: StateDirectory): Promise<FileHandle> {
  // Before anything is put there: a directory that others may write is refused once it holds something.
  await privateDirectory(state.path);
  try {
    const log = await openPrivate(serverLogPath(state.path));
    if ((await log.stat()).size > MAX_BYTES) await log.truncate();
    // Without it the next start is slower, and nothing else.
    await mkdir(path.join(state.path, COMPILE_CACHE), { mode: 0o700 }).catch(() => undefined);
    return log;
  } catch (error) {
    throw new CliError(
      EXIT.cannotStart,
      `the state directory ${state.path} (from ${state.source}) cannot be written: ${(error as Error).message}. Set NSH_STATE_DIR to a folder that you can write to.`,
      { cause: error },
    );
  }
}
