import { constants, type FileHandle, open } from 'node:fs/promises';

/**
 * Opens a file of this user's alone for reading and appending; it is made 0600 if it is not there, and closed to others
 * if it is not. What somebody else may have put in its place, a link or a file of their own, is refused: they would read,
 * or choose, what is written.
 *
 * @throws Error of the system; `ELOOP` for a link, `EPERM` for another user's file
 */
export async function openPrivate(path: string): Promise<FileHandle> {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
  const file = await open(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
  try {
    const { uid, mode } = await file.stat();
    const own = process.getuid?.();
    if (own !== undefined && uid !== own) {
      throw Object.assign(new Error(`EPERM: ${path} belongs to another user (uid ${uid})`), {
        code: 'EPERM',
      });
    }
    if ((mode & 0o077) !== 0) await file.chmod(0o600);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
