import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes all entries of a folder but those that are kept. */
export async function removeOthers(dir: string, isKept: (name: string) => boolean): Promise<void> {
  const others = (await readdir(dir)).filter((name) => !isKept(name));
  await Promise.all(others.map((name) => rm(join(dir, name), { recursive: true, force: true })));
}
