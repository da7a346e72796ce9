import { closeSync, constants, openSync, unlink } from 'node:fs';
import { Socket } from 'node:net';
import { readAvailable } from './read-available.ts';

/** Gets each chunk; it is valid during the call only. */
export type OutputSink = (chunk: Uint8Array) => void;

/** Shared by all FIFOs of the process: a read and its callback happen in one go, on one thread. */
const READ_BUFFER = Buffer.allocUnsafeSlow(65_536);

/** The most that a pipe can hold for an unprivileged process (Linux: fs.pipe-max-size); 65,536 by default. */
const PIPE_CAPACITY = 1_048_576;

/**
 * The server's end of a FIFO that commands write to.
 *
 * A socket with a static buffer reads it; `settle` reads the same fd at once and in place. Both run on the event loop's
 * thread and neither keeps bytes between calls, so they cannot swap or lose any.
 */
export class OutputFifo {
  readonly path: string;
  #sink: OutputSink;
  readonly #fd: number;
  /** A writer of our own: while it is open, a command that closes its end is no end of file. */
  #keeper: number | undefined;
  readonly #socket: Socket;

  constructor(path: string, sink: OutputSink) {
    this.path = path;
    this.#sink = sink;
    this.#fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      this.#keeper = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
    this.#socket = new Socket({
      fd: this.#fd,
      readable: true,
      writable: false,
      onread: {
        buffer: READ_BUFFER,
        callback: (bytes) => {
          this.#sink(READ_BUFFER.subarray(0, bytes));
          return true;
        },
      },
    });
    // A read error ends the socket; 'close' follows and says all there is to say.
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => this.#closeKeeper());
  }

  set sink(sink: OutputSink) {
    this.#sink = sink;
  }

  /**
   * Hands over everything that was written before now. Called after the end marker: every byte that the foreground wrote
   * came before that. A background writer that never stops cannot hold it up: what exceeds a pipe's capacity was
   * written later.
   *
   * @returns `free` when no writer is left (the FIFO can serve the next command), `held` when a background process
   *   still has it open (then it belongs to that command for good; the keeper is gone).
   */
  settle(): 'free' | 'held' {
    if (this.#socket.destroyed) return 'held';
    this.#closeKeeper();
    for (let seen = 0; seen < PIPE_CAPACITY; ) {
      const bytes = readAvailable(this.#fd, READ_BUFFER);
      if (bytes === undefined) return 'held';
      if (bytes === 0) {
        return this.#reopenKeeper() ? 'free' : 'held';
      }
      seen += bytes;
      this.#sink(READ_BUFFER.subarray(0, bytes));
    }
    return 'held';
  }

  /** Whether no writer is left; what was written before now is handed over, as by `settle`. */
  get isFree(): boolean {
    return this.#socket.destroyed || this.settle() === 'free' || this.#socket.destroyed;
  }

  /** Hands over what was written before now; the FIFO stays as it is. A writer that never stops cannot hold it up. */
  drain(): void {
    for (let seen = 0; seen < PIPE_CAPACITY && !this.#socket.destroyed; ) {
      const bytes = readAvailable(this.#fd, READ_BUFFER);
      if (!bytes) return;
      seen += bytes;
      this.#sink(READ_BUFFER.subarray(0, bytes));
    }
  }

  /** From now on the last writer's end is end of file: `gone` is called then (or when reading failed). */
  watchWriters(gone: () => void): void {
    this.#closeKeeper();
    if (this.#socket.closed) gone();
    else this.#socket.once('close', gone);
  }

  /** For a held FIFO: reads on into `sink` until its last writer is gone, then removes it. */
  handOver(sink: OutputSink, closed: () => void): void {
    this.#sink = sink;
    // Gone already when the whole folder was removed.
    this.watchWriters(() => unlink(this.path, closed));
  }

  /** Stops reading: writers that are left get SIGPIPE. */
  close(): void {
    this.#closeKeeper();
    this.#socket.destroy();
  }

  /** Before the event loop polls again: the socket never sees the moment without writers. */
  #reopenKeeper(): boolean {
    try {
      this.#keeper = openSync(this.path, constants.O_WRONLY | constants.O_NONBLOCK);
      return true;
    } catch {
      // The path was removed. This FIFO cannot serve again; the next command meets the cause and reports it.
      return false;
    }
  }

  #closeKeeper(): void {
    if (this.#keeper === undefined) return;
    closeSync(this.#keeper);
    this.#keeper = undefined;
  }
}
