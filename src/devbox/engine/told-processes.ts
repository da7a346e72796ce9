import { type ProcessRow, readProcess } from './process-table.ts';
import { sendSignal } from './send-signal.ts';
import { sigintDisposition } from './sigint-disposition.ts';

/**
 * Processes that were sent a SIGINT. One that neither catches nor ignores it, and lives all the same, cannot have got it
 * as itself: it was still the copy of its parent (bash, `timeout`) that had a handler. It is told again; to one that
 * handles SIGINT the second would mean something else. Without /proc nobody is told again.
 */
export class ToldProcesses {
  readonly #rows: readonly ProcessRow[];

  constructor(rows: readonly ProcessRow[]) {
    this.#rows = rows;
  }

  tellDeafAgain(): void {
    for (const { pid, startedAt } of this.#rows) {
      const now = readProcess(pid);
      if (now?.startedAt !== startedAt || now.state === 'Z') continue;
      if (sigintDisposition(pid) === 'ends it') sendSignal(pid, 'SIGINT');
    }
  }
}
