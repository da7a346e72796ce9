import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isOwn } from './owner.ts';
import { directoryUnsafe } from './server-error.ts';

/** What a server writes to, or deletes from: folders below the state directory, and what is in them. */
const FOLDERS = ['.', 'sessions', 'snapshots', 'environments', 'devboxes'];

/**
 * Checks what an earlier server, or somebody else, has left in a state directory: through a link the server would write
 * to a file, or empty a folder, of the user's that is none of its business. The homes of devboxes are their users' affair.
 *
 * @throws ServerError `directory_unsafe` for a link, or what belongs to another user
 */
export async function checkStateEntries(stateDir: string): Promise<void> {
  const devboxes = await entriesOf(join(stateDir, 'devboxes'));
  const folders = [...FOLDERS, ...devboxes.map(({ name }) => join('devboxes', name))];
  for (const folder of folders) {
    for (const entry of await entriesOf(join(stateDir, folder))) await check(stateDir, folder, entry);
  }
}

async function check(stateDir: string, folder: string, entry: Dirent): Promise<void> {
  const name = join(folder, entry.name);
  if (entry.name === 'home' && folder.startsWith('devboxes')) return;
  if (entry.isSymbolicLink()) {
    throw directoryUnsafe(stateDir, `holds ${name}, which is a symbolic link; remove it`);
  }
  const stats = await lstat(join(stateDir, name)).catch(() => undefined);
  if (stats !== undefined && !isOwn(stats.uid)) {
    throw directoryUnsafe(stateDir, `holds ${name}, which belongs to another user (uid ${stats.uid})`);
  }
}

/** None where there is no such folder; a link in its place is found in the folder above. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
