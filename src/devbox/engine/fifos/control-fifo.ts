import { closeSync, constants, openSync, writeSync } from 'node:fs';

const RETRY_MS = 20;

/**
 * The server's end of bash's standard input. It is open for reading too, so that bash never sees its end while the
 * server lives, and a write before bash has opened it does not fail.
 */
export class ControlFifo {
  #fd: number | undefined;
  #waiting: Buffer = Buffer.alloc(0);
  #retry: NodeJS.Timeout | undefined;

  constructor(path: string) {
    this.#fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  }

  /** In order and whole, also when a stopped bash has let the FIFO fill up. */
  write(lines: string): void {
    const bytes = Buffer.from(lines);
    this.#waiting = this.#waiting.length > 0 ? Buffer.concat([this.#waiting, bytes]) : bytes;
    if (!this.#retry) this.#flush();
  }

  /** bash sees the end of its input and exits, with its EXIT trap. */
  close(): void {
    clearTimeout(this.#retry);
    if (this.#fd === undefined) return;
    closeSync(this.#fd);
    this.#fd = undefined;
  }

  #flush(): void {
    this.#retry = undefined;
    while (this.#fd !== undefined && this.#waiting.length > 0) {
      try {
        this.#waiting = this.#waiting.subarray(writeSync(this.#fd, this.#waiting));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        this.#retry = setTimeout(() => this.#flush(), RETRY_MS);
        return;
      }
    }
  }
}
