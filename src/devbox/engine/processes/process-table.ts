import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessRow {
  pid: number;
  ppid: number;
  pgid: number;
  /** Session; undefined where the system does not tell (macOS). */
  sid: number | undefined;
  /** `R`, `S`, `T` (stopped), `Z` (ended, not yet reaped)… */
  state: string;
  /** Grows with time and never changes for a process: with the pid it names a process for good. */
  startedAt: number;
  /** Runs a program of its own; false for a fork that is still its parent's copy. Undefined where the system does not tell. */
  hasExecuted: boolean | undefined;
}

/** Of a process's flags in /proc: forked, but never called exec. */
const PF_FORKNOEXEC = 0x40;

/** One process from /proc, or undefined when it is gone or the system has no /proc. */
export function readProcess(pid: number): ProcessRow | undefined {
  try {
    return readRow(pid);
  } catch {
    return undefined; // it cannot be read, for whatever reason
  }
}

/** @throws Error when the table cannot be read (no file descriptor left): nobody is to be taken for gone then */
function readRow(pid: number): ProcessRow | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined; // gone between two looks
    throw error;
  }
  // The name, in parentheses, may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = '', ppid, pgid, sid] = fields;
  return {
    pid,
    ppid: Number(ppid),
    pgid: Number(pgid),
    sid: Number(sid),
    state,
    startedAt: Number(fields[19]),
    hasExecuted: (Number(fields[6]) & PF_FORKNOEXEC) === 0,
  };
}

/** One process, wherever the system tells of it. */
export async function findProcess(pid: number): Promise<ProcessRow | undefined> {
  return readProcess(pid) ?? (await listProcesses()).find((row) => row.pid === pid);
}

/** All processes: from /proc (a few ms), else from `ps`. */
export async function listProcesses(): Promise<ProcessRow[]> {
  const pids = listPids();
  return pids.length > 0 ? pids.flatMap((pid) => readRow(pid) ?? []) : askPs();
}

/** The ids of all processes; none where the system has no /proc. */
export function listPids(): number[] {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return []; // macOS
  }
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

function askPs(): Promise<ProcessRow[]> {
  return new Promise((resolve, reject) => {
    const options = {
      env: { PATH: process.env.PATH ?? '/bin:/usr/bin', LC_ALL: 'C' },
      maxBuffer: 64 * 2 ** 20,
    };
    execFile('ps', ['-axo', 'pid=,ppid=,pgid=,state=,lstart='], options, (error, stdout) => {
      if (error) reject(new Error(`Cannot list processes: ps failed (${error.message}).`, { cause: error }));
      else resolve(parsePs(stdout));
    });
  });
}

/** Exported for its test: rows of `ps -axo pid=,ppid=,pgid=,state=,lstart=`. */
export function parsePs(output: string): ProcessRow[] {
  return output.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S)\S*\s+(.+?)\s*$/.exec(line);
    if (!match) return [];
    const [, pid, ppid, pgid, state = '', started = ''] = match;
    return {
      pid: Number(pid),
      ppid: Number(ppid),
      pgid: Number(pgid),
      sid: undefined,
      state,
      startedAt: Date.parse(started),
      hasExecuted: undefined,
    };
  });
}
