/** Buffers kept for the next who needs one. */
const MOST_FREE = 32;

/**
 * Buffers of one size, used again and again: a fresh one for each piece of a gigabyte would be a gigabyte of garbage, whose
 * collection costs more than what is done with the pieces.
 */
export class BufferPool {
  readonly #bytes: number;
  readonly #free: Buffer[] = [];

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /** What is in it is anybody's. */
  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#bytes);
  }

  /** Nobody may use it any more. */
  give(buffer: Buffer): void {
    if (this.#free.length < MOST_FREE) this.#free.push(buffer);
  }
}
