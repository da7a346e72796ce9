import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { snapshotLine } from './bash/bootstrap.ts';
import { mayEndShell } from './may-end-shell.ts';

/** Long enough that commands sent one after the other never meet a snapshot. */
const IDLE_MS = 250;
/** A shell with much state takes long to write it: the more, the longer it is left in peace. */
const PEACE_PER_MS = 100;

/**
 * Has bash write its variables, functions, aliases, options, traps, cwd and umask into a file while nothing runs, so
 * that they can be brought back when it has died. About 1 ms of bash's time, once for each pause of the user.
 */
export class IdleSnapshot {
  readonly #path: string;
  readonly #write: (line: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #wait = IDLE_MS;
  #number = 0;
  #askedAt = 0;
  /** A command has run since the last one was asked for. */
  #outdated = false;

  /** `path`: where the complete snapshot goes; its folder must exist. `path.part` is used while it is written. */
  constructor(path: string, write: (line: string) => void) {
    this.#path = path;
    this.#write = write;
  }

  /** A command is over. */
  idle(): void {
    this.#outdated = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), this.#wait);
    this.#timer.unref();
  }

  /** A command begins, or the shell has ended. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  /**
   * A command is about to be sent. Where it may end the shell, the state that can be brought back is to be the one before it.
   *
   * @param errexit any command may: then only some get a snapshot, as after a pause
   */
  beforeCommand(command: string, errexit: boolean): void {
    if (!this.#outdated) return;
    const isDue = errexit && performance.now() - this.#askedAt >= this.#wait;
    if (isDue || mayEndShell(command)) this.#ask();
  }

  /** bash has written it. An earlier one than the last that was asked for may be cut short by now. */
  written(number: number): void {
    if (number !== this.#number) return;
    this.#wait = Math.max(IDLE_MS, (performance.now() - this.#askedAt) * PEACE_PER_MS);
    try {
      renameSync(this.#part, this.#path);
    } catch {
      // The folder is gone, or the disk full: the one before stays, and a restore that finds none says so.
    }
  }

  /** What an unfinished one has left. */
  discard(): void {
    this.stop();
    try {
      rmSync(this.#part, { force: true });
    } catch {
      // A read-only file system: it stays, and nobody reads it.
    }
  }

  get #part(): string {
    return `${this.#path}.part`;
  }

  #ask(): void {
    try {
      // Made here, because bash would make it with the user's umask, and variables may be secrets.
      closeSync(openSync(this.#part, 'w', 0o600));
    } catch {
      return; // as above
    }
    this.#askedAt = performance.now();
    this.#outdated = false;
    this.#write(snapshotLine(++this.#number, this.#part));
  }
}
