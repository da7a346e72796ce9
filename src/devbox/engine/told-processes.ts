import { readFileSync } from 'node:fs';
import { type ProcessRow, readProcess } from './process-table.ts';
import { sendSignal } from './send-signal.ts';

const SIGINT_BIT = 1n << 1n;

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
      if (now?.startedAt === startedAt && now.state !== 'Z' && dies(pid)) sendSignal(pid, 'SIGINT');
    }
  }
}

/** Whether SIGINT has its default effect on the process. */
function dies(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const mask = (name: string) =>
      BigInt(`0x${new RegExp(`^${name}:\\s*(\\w+)`, 'm').exec(status)?.[1] ?? 'f'}`);
    return ((mask('SigIgn') | mask('SigCgt') | mask('SigBlk')) & SIGINT_BIT) === 0n;
  } catch {
    return false; // gone meanwhile
  }
}
