import { type ProcessRow, readProcess } from './process-table.ts';
import { sendSignal } from './send-signal.ts';
import { sigintDisposition } from './sigint-disposition.ts';

/**
 * Processes that were sent a SIGINT. One that neither catches nor ignores it, and lives all the same, cannot have got it
 * as itself: it was still the copy of its parent (bash, `timeout`) that had a handler. The same holds for one that runs a
 * program now and did not when it was told. It is told again; to one that handles SIGINT the second would mean
 * something else. Without /proc nobody is told again.
 */
export class ToldProcesses {
  #rows: readonly ProcessRow[];

  /** `rows`: as they were when they were told, or before. */
  constructor(rows: readonly ProcessRow[]) {
    this.#rows = rows;
  }

  tellDeafAgain(): void {
    this.#rows = this.#rows.flatMap((told) => {
      const now = readProcess(told.pid);
      if (now?.startedAt !== told.startedAt || now.state === 'Z') return [];
      const wasItself = told.hasExecuted === now.hasExecuted;
      if (!wasItself || sigintDisposition(now.pid) === 'ends it') sendSignal(now.pid, 'SIGINT');
      return now;
    });
  }
}
