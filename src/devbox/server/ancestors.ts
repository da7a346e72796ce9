import { lstat, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isTrusted } from './owner.ts';
import { directoryUnsafe } from './server-error.ts';

const WRITABLE_BY_ALL = 0o002;
/** In a directory with it, such as /tmp, only its owner can rename or remove an entry. */
const STICKY = 0o1000;

/**
 * Checks the directories above one: in a directory that anybody can write, or that another user owns, what is private now
 * can be replaced by something else later. A link on the way is as good as who owns it, and where it leads to.
 *
 * @param path absolute; neither it nor those above need to exist
 * @throws ServerError `directory_unsafe`
 */
export async function checkAncestors(path: string): Promise<void> {
  for (const ancestor of ancestorsOf(path)) await check(path, ancestor);
  for (const ancestor of ancestorsOf(await resolved(path))) await check(path, ancestor);
}

async function check(path: string, ancestor: string): Promise<void> {
  const stats = await lstat(ancestor).catch(() => undefined);
  if (stats === undefined) return;
  if (!isTrusted(stats.uid)) {
    throw directoryUnsafe(path, `is below ${ancestor}, which belongs to another user (uid ${stats.uid})`);
  }
  if (stats.isSymbolicLink()) return;
  if ((stats.mode & WRITABLE_BY_ALL) !== 0 && (stats.mode & STICKY) === 0) {
    throw directoryUnsafe(path, `is below ${ancestor}, in which every user can rename what is there`);
  }
}

/** From the one above up to the root. */
function ancestorsOf(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [] : [parent, ...ancestorsOf(parent)];
}

/** The path without links, as far as it exists. */
async function resolved(path: string): Promise<string> {
  const parent = dirname(path);
  if (parent === path) return path;
  return realpath(parent)
    .then((real) => `${real}/.`)
    .catch(() => resolved(parent));
}
