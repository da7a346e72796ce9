import { type BigIntStats, readFileSync, statSync } from 'node:fs';

/** The number of `read` among the system calls; unset: not known for this machine. */
const READ: Partial<Record<NodeJS.Architecture, string>> = { x64: '0', arm64: '63' };
/** A command with more processes than that is not looked through. */
const MOST_PROCESSES = 200;

/**
 * Whether bash or a process below it sleeps in a `read` of its stdin, and that is this FIFO. False where the system does not
 * tell (no Linux, another user's process), and for programs that wait in another way (poll).
 */
export function waitsForInput(bashPid: number, fifo: Pick<BigIntStats, 'dev' | 'ino'>): boolean {
  const read = READ[process.arch];
  if (process.platform !== 'linux' || read === undefined) return false;
  const pids = [bashPid];
  for (let at = 0; at < pids.length && at < MOST_PROCESSES; at++) {
    const folder = `/proc/${pids[at]}`;
    try {
      if (readFileSync(`${folder}/syscall`, 'latin1').startsWith(`${read} 0x0 `)) {
        const { dev, ino } = statSync(`${folder}/fd/0`, { bigint: true });
        if (dev === fifo.dev && ino === fifo.ino) return true;
      }
      const children = readFileSync(`${folder}/task/${pids[at]}/children`, 'latin1');
      pids.push(...children.split(' ').filter(Boolean).map(Number));
    } catch (_) {
      // It has ended, or is not ours to look at: then it is not known to wait.
    }
  }
  return false;
}
