import { closeSync, openSync, readSync } from 'node:fs';
import { listProcesses, type ProcessRow, readProcess } from './process-table.ts';

/** The newest child of bash that was not there at the mark. */
export type NewestChild = () => Promise<ProcessRow | undefined>;

/** The children that bash had at a moment: all of them, or where those cannot be listed, that moment in ms. */
export type ChildMark = { jobs: string } | { since: number };

/**
 * Tells a command's own children from the user's background jobs: what exists while bash is idle is a job of
 * earlier, and no interrupt may reach it. Marking is on every command's path, so it is one read of a kept fd (2 µs).
 */
export class ChildWatch {
  readonly #bashPid: number;
  readonly #fd: number | undefined;

  constructor(bashPid: number) {
    this.#bashPid = bashPid;
    this.#fd = openChildren(bashPid);
  }

  /** Call it while bash is idle: all children of that moment are protected. */
  mark(): ChildMark {
    if (this.#fd !== undefined) return { jobs: readChildren(this.#fd) };
    return { since: Math.floor(Date.now() / 1000) * 1000 };
  }

  /**
   * As `after`; without a child of its own it is the job of earlier, if there is only one: what `fg` is about. Of
   * several nobody can tell which one `fg` took, so none is touched.
   */
  afterOrOnlyJob(mark: ChildMark): NewestChild {
    const newest = this.after(mark);
    return async () => (await newest()) ?? onlyJob(mark);
  }

  /** Looks for the newest of those that came after the mark. */
  after(mark: ChildMark): NewestChild {
    const fd = this.#fd;
    if ('since' in mark || fd === undefined)
      return this.#bornSince('since' in mark ? mark.since : Date.now());
    return async () => {
      const jobs = new Set(mark.jobs.split(' '));
      // The kernel lists children in the order of their birth.
      for (const pid of readChildren(fd).split(' ').reverse()) {
        const child = pid === '' || jobs.has(pid) ? undefined : readProcess(Number(pid));
        if (child) return child;
      }
      return undefined;
    };
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
  }

  /** Without /proc: `ps` tells starting times to the second, so a job younger than that is not protected. */
  #bornSince(second: number): NewestChild {
    return async () => {
      const all = await listProcesses();
      const children = all.filter((row) => row.ppid === this.#bashPid && row.startedAt >= second);
      return children.reduce<ProcessRow | undefined>(
        (newest, row) => (newest && newest.startedAt > row.startedAt ? newest : row),
        undefined,
      );
    };
  }
}

function onlyJob(mark: ChildMark): ProcessRow | undefined {
  if ('since' in mark) return undefined;
  const rows = mark.jobs.split(' ').flatMap((pid) => (pid === '' ? [] : (readProcess(Number(pid)) ?? [])));
  const alive = rows.filter((row) => row.state !== 'Z');
  return new Set(alive.map((row) => row.pgid)).size === 1 ? alive.at(-1) : undefined;
}

function openChildren(pid: number): number | undefined {
  try {
    return openSync(`/proc/${pid}/task/${pid}/children`, 'r');
  } catch (error) {
    // macOS, or a kernel without CONFIG_PROC_CHILDREN, or bash has ended; but not: no file descriptor left.
    if ((error as NodeJS.ErrnoException).code === 'EMFILE') throw error;
    return undefined;
  }
}

/** `"12 345 "`: read from the start again each time. */
function readChildren(fd: number): string {
  const buffer = Buffer.allocUnsafe(4096);
  let text = '';
  for (;;) {
    let bytes: number;
    try {
      bytes = readSync(fd, buffer, 0, buffer.length, text.length);
    } catch {
      return text; // ESRCH: bash has ended
    }
    if (bytes === 0) return text;
    text += buffer.toString('latin1', 0, bytes);
  }
}
