import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Whether a server of this state directory was killed and left shells, for the next one to take over. A server that
 * ends by itself removes every session's folder.
 */
export async function hasLeftShells(stateDir: string): Promise<boolean> {
  try {
    return (await readdir(join(stateDir, 'sessions'))).length > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
