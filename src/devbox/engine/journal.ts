import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { type StatusRecord, StatusRecords } from './fifos/status-records.ts';

/** Some 1,500 commands. */
const LARGE_BYTES = 65_536;
const LOOK_EVERY = 256;

/**
 * A regular file into which bash itself writes, by path, what it also reports over the status FIFO, and before that: a
 * report that the server took from the FIFO and died over is still here.
 */
export class Journal {
  readonly path: string;
  readonly #fd: number;
  #commands = 0;

  constructor(path: string) {
    this.path = path;
    this.#fd = openSync(path, 'a', 0o600);
  }

  /** Call it while bash is idle and the facts on disk hold what the last record told. */
  commandBegins(): void {
    if (++this.#commands % LOOK_EVERY !== 0 || fstatSync(this.#fd).size < LARGE_BYTES) return;
    ftruncateSync(this.#fd); // bash appends, so it goes on from the new end
  }

  read(): StatusRecord[] {
    return new StatusRecords().push(readFileSync(this.path));
  }

  close(): void {
    closeSync(this.#fd);
  }
}
