import { chmod, lstat, readdir } from 'node:fs/promises';
import { makeDirectory } from '../../files/make-directory.ts';
import { ServerError } from './server-error.ts';

/**
 * Makes a directory that is this user's alone (0700), or checks that it is one. A directory that another user made
 * first, a link to somewhere else, or one that is open to others and holds other things is refused: whoever owns it could replace what is put there.
 *
 * @throws ServerError `directory_unsafe`
 */
export async function privateDirectory(path: string): Promise<void> {
  try {
    await makeDirectory(path, 0o700);
  } catch (error) {
    throw unsafe(path, `cannot be made (${reasonOf(error)})`, error);
  }
  // A link, even a broken one, or a file was left as it is.
  const stats = await lstat(path);
  if (stats.isSymbolicLink()) throw unsafe(path, 'is a symbolic link');
  if (!stats.isDirectory()) throw unsafe(path, 'is not a directory');
  const user = process.getuid?.();
  if (user !== undefined && stats.uid !== user)
    throw unsafe(path, `belongs to another user (uid ${stats.uid})`);
  if ((stats.mode & 0o077) === 0) return;
  // Never close a directory that has another use to others, such as a home or /tmp.
  if (!(await isForThis(path))) throw unsafe(path, 'is open to other users and holds other things');
  await chmod(path, 0o700);
}

/** Empty, or a server has kept its lock in it before. */
async function isForThis(path: string): Promise<boolean> {
  const entries = await readdir(path);
  return entries.length === 0 || entries.some((name) => /\.lock\.\d+$/.test(name));
}

/** `EROFS: read-only file system`, without the call that Node appends. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, \w+ '.*'$/s, '') : String(error);
}

function unsafe(path: string, why: string, cause?: unknown): ServerError {
  return new ServerError(
    'directory_unsafe',
    `The directory ${path} ${why}, so nothing private can be kept there. Choose another with NSH_STATE_DIR or XDG_RUNTIME_DIR.`,
    { cause },
  );
}
