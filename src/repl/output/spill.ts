import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

export interface SpillOptions {
  readonly path: string;
  /** Bytes kept of this execution, its first ones: what the screen folded is rather at the start than at the end. */
  readonly maxBytes: number;
  /** Awaited before the file is made: with the first output, not before. */
  readonly onOpen?: () => Promise<void>;
  /** Awaited after each batch, of so many bytes, before the next one. */
  readonly onWritten?: (bytes: number) => Promise<void>;
  readonly onClosed?: () => void;
  /** Told the first time that the file cannot be written; nothing is written afterwards. */
  readonly onProblem: (message: string) => void;
}

/** How much may wait for the disk, bytes, before `ready` asks the producer to wait too. */
const READY_BELOW_BYTES = 1024 * 1024;

/**
 * The whole output of one execution in a file, both streams in the order of their arrival (`spill-format.ts`). Writes are
 * batched: what arrives while one is under way goes out with the next. Writing never throws, for output must go on
 * to the screen when a disk is full.
 */
export class Spill {
  readonly path: string;
  readonly #options: SpillOptions;
  #file: FileHandle | undefined;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #kept = 0;
  #cut = 0;
  #failed = false;
  #made = false;
  #flushing: Promise<void> | undefined;

  constructor(options: SpillOptions) {
    this.path = options.path;
    this.#options = options;
  }

  /** Bytes that are in the file or on their way to it. */
  get bytes(): number {
    return this.#kept;
  }

  /** Bytes that the file does not have: beyond its bound, or after a failed write. */
  get cutBytes(): number {
    return this.#cut;
  }

  /** @param chunk taken over: its bytes must not change afterwards. */
  write(chunk: string | Uint8Array): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    const room = this.#failed ? 0 : Math.min(bytes.length, this.#options.maxBytes - this.#kept);
    this.#cut += bytes.length - room;
    if (room === 0) return;
    this.#kept += room;
    this.#pending.push(room < bytes.length ? bytes.subarray(0, room) : bytes);
    this.#pendingBytes += room;
    this.#flushing ??= this.#flush();
  }

  /** Resolves when the disk has caught up enough for more. */
  async ready(): Promise<void> {
    while (this.#pendingBytes > READY_BELOW_BYTES && this.#flushing) await this.#flushing;
  }

  /** Resolves when all that was written is in the file, save what `cutBytes` counts. */
  async flushed(): Promise<void> {
    while (this.#flushing) await this.#flushing;
  }

  /** Writes what is left and closes the file. Safe to call twice; a later write opens it again. */
  async close(): Promise<void> {
    await this.flushed();
    const file = this.#file;
    this.#file = undefined;
    try {
      await file?.close();
    } catch (error) {
      this.#fail(error, 0);
    }
    this.#options.onClosed?.();
  }

  async #create(): Promise<FileHandle> {
    await this.#options.onOpen?.();
    // At first there may be a file of an earlier process with the same id.
    const mode = this.#made ? constants.O_APPEND : constants.O_TRUNC;
    this.#made = true;
    return open(this.path, constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW | mode, 0o600);
  }

  async #flush(): Promise<void> {
    let batchBytes = 0;
    try {
      // What comes in the same turn goes out in one write.
      await Promise.resolve();
      this.#file ??= await this.#create();
      const batch = Buffer.concat(this.#pending);
      batchBytes = batch.length;
      this.#pending = [];
      this.#pendingBytes = 0;
      await this.#file.appendFile(batch);
      await this.#options.onWritten?.(batchBytes);
    } catch (error) {
      this.#fail(error, batchBytes);
    }
    this.#flushing = this.#pending.length > 0 ? this.#flush() : undefined;
  }

  #fail(error: unknown, lostBytes: number): void {
    const lost = lostBytes + this.#pendingBytes;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#kept -= lost;
    this.#cut += lost;
    if (this.#failed) return;
    this.#failed = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.onProblem(`The output is not kept in ${this.path}: ${reason}. It goes on to the screen.`);
  }
}
