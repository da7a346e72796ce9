import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a directory and those above it, as `mkdir -p` does; one that is there is left as it is. Node's own recursive
 * `mkdir` never returns where a folder exists and takes none (/proc), and calls a read-only file system ENOENT.
 *
 * @param path absolute
 * @throws Error of the system
 */
export async function makeDirectory(path: string, mode: number): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path) throw error;
    await makeDirectory(parent, mode);
    await mkdir(path, { mode }).catch((again: NodeJS.ErrnoException) => {
      // Another process was quicker.
      if (again.code !== 'EEXIST') throw again;
    });
  }
}
