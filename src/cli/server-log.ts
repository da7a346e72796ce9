import { type FileHandle, mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-status.ts';
import type { StateDirectory } from './state-directory.ts';

/** A log that grew past this starts anew with the next server. */
const MAX_BYTES = 1024 * 1024;

export const serverLogPath = (stateDir: string) => path.join(stateDir, 'server.log');

/**
 * Opens the file that takes the background server's stdout and stderr, and makes the state directory for it.
 *
 * @throws CliError with status 72 when the state directory cannot be made or written
 */
export async function openServerLog(state: StateDirectory): Promise<FileHandle> {
  try {
    await mkdir(state.path, { recursive: true, mode: 0o700 });
    const log = await open(serverLogPath(state.path), 'a', 0o600);
    if ((await log.stat()).size > MAX_BYTES) await log.truncate();
    return log;
  } catch (error) {
    const reason = (error as Error).message.replace(/,? (open|mkdir) '.*'$/, '');
    throw new CliError(
      EXIT.cannotStart,
      `the state directory ${state.path} (from ${state.source}) cannot be used: ${reason}. Set NSH_STATE_DIR to a folder that you can write to.`,
      { cause: error },
    );
  }
}
