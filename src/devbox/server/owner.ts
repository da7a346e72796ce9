import { readFileSync } from 'node:fs';

const ROOT = 0;

/** Whether a file's owner is the user of this process; true where there are no users (Windows). */
export function isOwn(uid: number): boolean {
  const own = process.getuid?.();
  return own === undefined || uid === own;
}

/**
 * Whether whoever owns a directory may be trusted with what is below it: this user and root. Inside a user namespace
 * (rootless containers, bubblewrap) the owners outside of it, root among them, are all shown as the overflow uid.
 */
export function isTrusted(uid: number): boolean {
  return isOwn(uid) || uid === ROOT || (uid === overflowUid() && isInUserNamespace());
}

function overflowUid(): number {
  return Number(readProc('/proc/sys/kernel/overflowuid') || Number.NaN);
}

/** Outside of one every uid stands for itself: `0 0 4294967295`. */
function isInUserNamespace(): boolean {
  const map = readProc('/proc/self/uid_map').trim();
  return map !== '' && !/^0\s+0\s+4294967295$/.test(map);
}

function readProc(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // not Linux
  }
}
