import { readdirSync, readFileSync } from 'node:fs';

const O_CLOEXEC = 0o2000000;
const FIRST_AFTER_STDIO = 3;

let known: readonly number[] | undefined;

/**
 * Descriptors that this process got from whoever started it and would pass on to every shell (Node's own are
 * close-on-exec): a lock or a socket of the starter would live as long as the shells do. Looked up once; where /proc does
 * not tell (macOS), none are known.
 */
export function inheritedFds(): readonly number[] {
  known ??= lookUp();
  return known;
}

function lookUp(): number[] {
  let names: string[];
  try {
    names = readdirSync('/proc/self/fd');
  } catch {
    return [];
  }
  return names.map(Number).filter((fd) => fd >= FIRST_AFTER_STDIO && passedOn(fd));
}

function passedOn(fd: number): boolean {
  try {
    const flags = /flags:\s*(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & O_CLOEXEC) === 0;
  } catch {
    return false; // the one that listed the folder, closed by now
  }
}
