import { readFileSync } from 'node:fs';

const MOST = 8_192;
/** Where the system's limit is not known (macOS: at least 10,240 for Node). */
const DEFAULT = 4_096;

/**
 * How many connections a server takes at a time; it cuts those beyond. Half of the process's file descriptors: whoever opens
 * connections and leaves them must not keep shells from starting.
 */
export function connectionLimit(): number {
  const open = openFilesLimit();
  return open === undefined ? DEFAULT : Math.min(MOST, Math.floor(open / 2));
}

/** Node has raised the soft limit to the hard one when it started. */
function openFilesLimit(): number | undefined {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}
