import { type BigIntStats, closeSync, constants, fstatSync, openSync, unlink } from 'node:fs';
import { Socket } from 'node:net';
import { stdinBytes } from '../../../api/extension/stdin-bytes.ts';

/** Input that cannot reach the command: nothing is attached, or one of the two sides has closed. */
export class StdinClosedError extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'StdinClosedError';
  }
}

const ENDED = 'The command has ended: its standard input is closed.';
const CLOSED = 'Its standard input was closed before (end of file was sent).';
const NOT_READ = 'The command has closed its standard input, or has ended: it reads no more.';

export interface StdinHooks {
  /** No more will be written: called before the command can see the end. */
  closing: () => void;
  /** The server's own writer is gone. */
  closed: () => void;
  /** The FIFO is removed. */
  removed: () => void;
}

/** The server's end of one execution's attached standard input. */
export class StdinFifo {
  readonly path: string;
  /** Which file it is, whatever becomes of its name. */
  readonly file: Pick<BigIntStats, 'dev' | 'ino'>;
  readonly #writer: Socket;
  readonly #hooks: StdinHooks;
  /** A reader of our own until bash has opened the FIFO: without any, writing would fail. */
  #reader: number | undefined;
  #pending = new Set<(error: Error) => void>();
  #closed: string | undefined;

  constructor(path: string, hooks: StdinHooks) {
    this.path = path;
    this.#hooks = hooks;
    this.#reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      this.file = fstatSync(this.#reader, { bigint: true });
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      this.#writer = new Socket({ fd, readable: false, writable: true });
    } catch (error) {
      this.#closeReader();
      throw error;
    }
    this.#writer.on('error', () => this.#shut(NOT_READ));
    this.#writer.once('close', hooks.closed);
  }

  /** bash has it open: a write into the void fails from now on, and a close that waited is carried out. */
  opened(): void {
    this.#closeReader();
    this.#destroyWhenClosed();
  }

  /**
   * Resolves when the kernel has taken the text, so a command that reads slowly slows the sender. Bytes that are
   * not UTF-8 come as lone surrogates: see `stdin-bytes.ts`.
   *
   * @throws StdinClosedError when the input was closed, the command has ended, or reads no more.
   */
  write(text: string): Promise<void> {
    if (this.#closed !== undefined) return Promise.reject(new StdinClosedError(this.#closed));
    if (text === '') return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#pending.add(reject);
      this.#writer.write(stdinBytes(text), (error) => {
        // Any error here is that of a pipe without reader, or of `end`, which has rejected already.
        if (error) reject(new StdinClosedError(this.#closed ?? NOT_READ));
        else resolve();
        this.#pending.delete(reject);
        this.#destroyWhenClosed();
      });
    });
  }

  /** End of file for the command, after everything that was written. */
  close(): void {
    if (this.#closed === undefined) {
      this.#closed = CLOSED;
      this.#hooks.closing();
    }
    this.#destroyWhenClosed();
  }

  /** The command is over: what is not read yet is dropped, a background reader gets end of file. */
  end(): void {
    this.#shut(ENDED);
    // Gone already when the whole folder was removed.
    const remove = () => unlink(this.path, this.#hooks.removed);
    if (this.#writer.closed) remove();
    else this.#writer.once('close', remove);
  }

  #shut(why: string): void {
    this.#closed = why;
    for (const reject of this.#pending) reject(new StdinClosedError(why));
    this.#pending.clear();
    this.#writer.destroy();
    this.#closeReader();
  }

  #destroyWhenClosed(): void {
    if (this.#closed !== undefined && this.#reader === undefined && this.#pending.size === 0) {
      this.#writer.destroy();
    }
  }

  #closeReader(): void {
    if (this.#reader === undefined) return;
    closeSync(this.#reader);
    this.#reader = undefined;
  }
}
