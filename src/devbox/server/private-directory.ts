import { chmod, lstat, mkdir, readdir } from 'node:fs/promises';
import { ServerError } from './server-error.ts';

/**
 * Makes a directory that is this user's alone (0700), or checks that it is one. A directory that another user made
 * first, a link to somewhere else, or one that is open to others and holds other things is refused: whoever owns it could replace what is put there.
 *
 * @throws ServerError `directory_unsafe`
 */
export async function privateDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A link, even a broken one, or a file is told apart below.
    if (code !== 'EEXIST') throw unsafe(path, `cannot be made (${code})`, error);
  }
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

function unsafe(path: string, why: string, cause?: unknown): ServerError {
  return new ServerError(
    'directory_unsafe',
    `The directory ${path} ${why}, so nothing private can be kept there. Choose another with NSH_STATE_DIR or XDG_RUNTIME_DIR.`,
    { cause },
  );
}
