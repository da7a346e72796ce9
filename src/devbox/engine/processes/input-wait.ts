import { type BigIntStats, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { sleepsFor } from './sleeps-for.ts';

/** A command with more processes than that is not looked through. */
const MOST_PROCESSES = 200;
/** A process that has more is not looked at closely. */
const MOST_DESCRIPTORS = 256;

/**
 * Whether bash or a process below it sleeps until there is input in this FIFO: in a `read` of it, or in `poll`, `select` or
 * `epoll` (as Node does), without a time limit and with nothing else that could wake it from outside. False where the
 * system does not tell, and for a program that waits for something else too: `ssh`, which waits for its connection.
 */
export function waitsForInput(bashPid: number, fifo: Pick<BigIntStats, 'dev' | 'ino'>): boolean {
  const pids = [bashPid];
  for (let at = 0; at < pids.length && at < MOST_PROCESSES; at++) {
    const pid = pids[at] as number;
    try {
      if (sleepsUntilInput(pid, fifo)) return true;
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1');
      pids.push(...children.split(' ').filter(Boolean).map(Number));
    } catch (_) {
      // It has ended, or is not ours to look at: then it is not known to wait.
    }
  }
  return false;
}

function sleepsUntilInput(pid: number, fifo: Pick<BigIntStats, 'dev' | 'ino'>): boolean {
  const sleep = sleepsFor(pid);
  if (sleep === undefined) return false;
  const isFifo = (fd: number) => {
    const { dev, ino } = statSync(`/proc/${pid}/fd/${fd}`, { bigint: true });
    return dev === fifo.dev && ino === fifo.ino;
  };
  const others = [...sleep.others, ...sleep.input.filter((fd) => !isFifo(fd))];
  if (others.length === sleep.input.length + sleep.others.length) return false;
  if (others.length === 0) return true;
  const isInside = wokenFromInside(pid);
  return others.every(isInside) && threadsAreIdle(pid, isInside);
}

/** Whether its other threads, which could wake it, sleep until it wakes them. */
function threadsAreIdle(pid: number, isInside: (fd: number) => boolean): boolean {
  const threads = readdirSync(`/proc/${pid}/task`).map(Number);
  return threads.every((thread) => {
    if (thread === pid) return true;
    const sleep = sleepsFor(pid, thread);
    return sleep !== undefined && [...sleep.input, ...sleep.others].every(isInside);
  });
}

/**
 * Of a descriptor, whether nobody but the process itself can write to it: an eventfd, a signalfd, a pipe of which it has
 * both ends. With these the threads of a program wake its event loop.
 */
function wokenFromInside(pid: number): (fd: number) => boolean {
  const folder = `/proc/${pid}/fd`;
  const names = readdirSync(folder);
  if (names.length > MOST_DESCRIPTORS) return () => false;
  const targets = new Map(names.map((name) => [Number(name), readlinkSync(`${folder}/${name}`)]));
  return (fd) => {
    const target = targets.get(fd) ?? '';
    if (/^anon_inode:\[(eventfd|signalfd|io_uring)\]$/.test(target)) return true;
    const ends = [...targets.values()].filter((other) => other === target);
    return target.startsWith('pipe:') && ends.length > 1;
  };
}
