import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 500;

/**
 * Ends this process as a lost terminal would (SIGHUP) when the npm that started it has gone: npm that is killed leaves
 * what it runs behind, on a terminal that somebody else reads by then.
 */
export function endWithNpm(): void {
  const parent = process.ppid;
  const npm = parentOfShell(parent);
  const timer = setInterval(() => {
    const isThere = process.ppid === parent && (npm === undefined || parentOf(parent) === npm);
    if (isThere) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGHUP');
  }, LOOK_EVERY_MS);
  timer.unref();
}

/** npm runs scripts by `sh -c`, which some shells replace by the script. Undefined: npm itself is the parent. */
function parentOfShell(pid: number): number | undefined {
  const isShell = readProc(pid, 'cmdline').split('\0').at(1) === '-c';
  return isShell ? parentOf(pid) : undefined;
}

function parentOf(pid: number): number | undefined {
  // The program's name, in parentheses, may hold anything; the parent is the second field after it.
  const stat = readProc(pid, 'stat');
  return stat === '' ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** Empty where there is no such process, or no /proc: then npm is looked for one step less far. */
function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return '';
  }
}
