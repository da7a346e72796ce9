import { chmod, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory } from '../../files/make-directory.ts';
import { checkAncestors } from './ancestors.ts';
import { isOwn } from './owner.ts';
import { directoryUnsafe } from './server-error.ts';

const WRITABLE_BY_OTHERS = 0o022;
const OPEN_TO_OTHERS = 0o077;

/**
 * Makes a directory that is this user's alone (0700), or checks that it is one. A directory that another user made
 * first, a link to somewhere else, one that is open to others and holds other things, or one that somebody else could
 * put another in the place of is refused: whoever can do that could replace what is put there.
 *
 * @throws ServerError `directory_unsafe`
 */
export async function privateDirectory(path: string): Promise<void> {
  await checkAncestors(path);
  try {
    await makeDirectory(path, 0o700);
  } catch (error) {
    throw directoryUnsafe(path, `cannot be made (${reasonOf(error)})`, error);
  }
  const mode = await ownDirectory(path);
  if ((mode & OPEN_TO_OTHERS) === 0) return;
  // Never close a directory that has another use to others, such as a home or /tmp.
  if (!(await isForThis(path))) throw directoryUnsafe(path, 'is open to other users and holds other things');
  await chmod(path, 0o700);
  // Only now can nobody put anything there any more.
  if ((mode & WRITABLE_BY_OTHERS) !== 0) await refuseForeignEntries(path);
}

/**
 * Checks a directory that has to be there already, as a client does before it trusts the socket in it: a directory that
 * somebody else can write may hold their socket, which would be told every command.
 *
 * @returns false if there is none
 * @throws ServerError `directory_unsafe`
 */
export async function isPrivateDirectory(path: string): Promise<boolean> {
  try {
    await lstat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
  const mode = await ownDirectory(path);
  if ((mode & WRITABLE_BY_OTHERS) !== 0) throw directoryUnsafe(path, 'can be written by other users');
  await checkAncestors(path);
  return true;
}

/**
 * @returns its mode
 * @throws ServerError `directory_unsafe` for what is no directory, or not this user's
 */
async function ownDirectory(path: string): Promise<number> {
  // A link, even a broken one, or a file was left as it is.
  const stats = await lstat(path);
  if (stats.isSymbolicLink()) throw directoryUnsafe(path, 'is a symbolic link');
  if (!stats.isDirectory()) throw directoryUnsafe(path, 'is not a directory');
  if (!isOwn(stats.uid)) throw directoryUnsafe(path, `belongs to another user (uid ${stats.uid})`);
  return stats.mode;
}

/** Empty, or a server has kept its lock in it before. */
async function isForThis(path: string): Promise<boolean> {
  const entries = await readdir(path);
  return entries.length === 0 || entries.some((name) => /\.lock\.\d+$/.test(name));
}

async function refuseForeignEntries(path: string): Promise<void> {
  for (const name of await readdir(path)) {
    const stats = await lstat(join(path, name)).catch(() => undefined);
    if (stats === undefined || (isOwn(stats.uid) && !stats.isSymbolicLink())) continue;
    throw directoryUnsafe(path, `could be written by other users and holds ${name}, which may be theirs`);
  }
}

/** `EROFS: read-only file system`, without the call that Node appends. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, \w+ '.*'$/s, '') : String(error);
}
