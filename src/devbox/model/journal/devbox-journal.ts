import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { type DevboxPast, readPast, recordsOf } from './devbox-past.ts';
import { type JournalRecord, journalRecord } from './journal-record.ts';

/** It is rewritten when it has grown by this much since it last was, bytes: some 50,000 commands. */
const GROWTH_BYTES = 16 * 1024 * 1024;

/**
 * What happens in a devbox, on disk as it happens: the next server goes on from there when this one was killed. A record
 * is one `write` to a kept descriptor, some µs; the system has it then, whatever becomes of this process.
 *
 * A disk that takes no more costs the next server's knowledge, never a command.
 */
export class DevboxJournal {
  readonly past: DevboxPast;
  readonly #path: string;
  #fd: number | undefined;
  #grown = 0;
  /** The last write was cut short: the next begins a line of its own. */
  #torn = false;

  /** Opens it, or makes it, and shortens it to what still counts. */
  static open(path: string): DevboxJournal {
    return new DevboxJournal(path, readPast(readRecords(path)));
  }

  private constructor(path: string, past: DevboxPast) {
    this.#path = path;
    this.past = past;
    try {
      this.#rewrite(past);
    } catch {
      // A full disk: the old one is as good, only longer.
      this.#fd = openSync(path, 'a', 0o600);
      this.#torn = true;
    }
  }

  append(record: JournalRecord): void {
    if (this.#fd === undefined) return;
    const line = `${this.#torn ? '\n' : ''}${JSON.stringify(record)}\n`;
    try {
      const length = Buffer.byteLength(line);
      this.#torn = writeSync(this.#fd, line) < length;
      this.#grown += length;
      if (this.#grown < GROWTH_BYTES) return;
      this.#grown = 0;
      this.#rewrite(readPast(readRecords(this.#path)));
    } catch {
      this.#torn = true;
    }
  }

  /** Nothing is left to go on with. */
  dispose(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    rmSync(this.#path, { force: true });
  }

  #rewrite(past: DevboxPast): void {
    const fresh = `${this.#path}.new`;
    // Renamed into place when it is whole: a kill in between leaves the old one.
    const fd = openSync(fresh, 'w', 0o600);
    try {
      for (const record of recordsOf(past)) writeSync(fd, `${JSON.stringify(record)}\n`);
      renameSync(fresh, this.#path);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = fd;
    this.#torn = false;
  }
}

/** What is no record is passed over: a line that a kill cut short, or one of a newer version. */
function* readRecords(path: string): Generator<JournalRecord, void> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  for (const line of text.split('\n')) {
    const record = parse(line);
    if (record !== undefined) yield record;
  }
}

function parse(line: string): JournalRecord | undefined {
  if (line === '') return undefined;
  try {
    return journalRecord.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
