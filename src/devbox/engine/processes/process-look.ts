import { listProcesses, type ProcessRow } from './process-table.ts';

/** All processes of one moment. */
export class ProcessLook {
  /** By pid. */
  readonly all: ReadonlyMap<number, ProcessRow>;
  readonly #bySession = new Map<number, ProcessRow[]>();

  constructor(rows: readonly ProcessRow[]) {
    this.all = new Map(rows.map((row) => [row.pid, row]));
    for (const row of rows) {
      if (row.sid === undefined) continue;
      const members = this.#bySession.get(row.sid);
      if (members === undefined) this.#bySession.set(row.sid, [row]);
      else members.push(row);
    }
  }

  /** Whether the system tells which session a process belongs to (macOS does not). */
  get tellsSessions(): boolean {
    return this.#bySession.size > 0;
  }

  /** The processes of a session; none where sessions are not told. */
  session(sid: number): readonly ProcessRow[] {
    return this.#bySession.get(sid) ?? [];
  }
}

let next: Promise<ProcessLook> | undefined;

/**
 * Looks at all processes, after the call: whatever was there when it was made is seen. A look costs some ms, so all who
 * ask before it begins share it; ending 500 shells at once takes one look after the other, not 500.
 *
 * @throws Error when the process table cannot be read.
 */
export function lookAtProcesses(): Promise<ProcessLook> {
  next ??= new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
    next = undefined;
    return new ProcessLook(await listProcesses());
  });
  return next;
}
