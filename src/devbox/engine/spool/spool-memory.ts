const SMALLEST_BLOCK = 4096;
const LARGEST_BLOCK = 1_048_576;

/** Large blocks that were let go of: a gigabyte that passes through leaves no garbage, whose collection costs seconds. */
const spare: Buffer[] = [];
const MOST_SPARE = 8;

interface Block {
  start: number;
  used: number;
  bytes: Buffer;
}

/**
 * The newest part of a spool: a run of bytes without gaps, in blocks that grow with the output, so that a command which
 * prints a line costs 4 KiB and one which prints a gigabyte few allocations.
 */
export class SpoolMemory {
  #blocks: Block[] = [];
  #start: number;
  #end: number;

  /** `start`: the offset of the first byte that will be appended. */
  constructor(start: number) {
    this.#start = start;
    this.#end = start;
  }

  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#end;
  }

  /** Copies. */
  append(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0) {
      const block = this.#lastBlock();
      const part = rest.subarray(0, block.bytes.length - block.used);
      block.bytes.set(part, block.used);
      block.used += part.length;
      this.#end += part.length;
      rest = rest.subarray(part.length);
    }
  }

  /** Copies bytes from `offset`, which must be held, until the end or until `target` is full. @returns how many */
  copy(offset: number, target: Uint8Array): number {
    const length = Math.max(0, Math.min(target.length, this.#end - offset));
    let at = 0;
    for (let index = this.#indexOf(offset); at < length; index++) {
      const view = this.#view(index, offset + at).subarray(0, length - at);
      target.set(view, at);
      at += view.length;
    }
    return length;
  }

  /** Views, for a write to disk: they stay as they are, because blocks only grow at their ends, until `recycleBefore`. */
  views(offset: number, maxBytes: number): Uint8Array[] {
    const views: Uint8Array[] = [];
    const end = Math.min(this.#end, offset + maxBytes);
    for (let at = offset, index = this.#indexOf(offset); at < end; index++) {
      const view = this.#view(index, at).subarray(0, end - at);
      views.push(view);
      at += view.length;
    }
    return views;
  }

  /** Frees whole blocks that end at or before `offset`. */
  forgetBefore(offset: number): void {
    this.#forget(offset);
  }

  /** The same, and uses them again: nobody may have views of them. */
  recycleBefore(offset: number): void {
    for (const { bytes } of this.#forget(offset)) {
      if (bytes.length === LARGEST_BLOCK && spare.length < MOST_SPARE) spare.push(bytes);
    }
  }

  #forget(offset: number): Block[] {
    let gone = 0;
    for (const block of this.#blocks) {
      if (block.start + block.used > offset) break;
      gone++;
    }
    if (gone === 0) return [];
    const forgotten = this.#blocks.splice(0, gone);
    this.#start = this.#blocks[0]?.start ?? this.#end;
    return forgotten;
  }

  #lastBlock(): Block {
    const last = this.#blocks.at(-1);
    if (last && last.used < last.bytes.length) return last;
    const size = Math.min(LARGEST_BLOCK, Math.max(SMALLEST_BLOCK, (last?.bytes.length ?? 0) * 4));
    const bytes = (size === LARGEST_BLOCK ? spare.pop() : undefined) ?? Buffer.allocUnsafeSlow(size);
    const block = { start: this.#end, used: 0, bytes };
    this.#blocks.push(block);
    return block;
  }

  /** Few blocks are held (tens), and the newest is asked for most. */
  #indexOf(offset: number): number {
    return this.#blocks.findLastIndex((block) => block.start <= offset);
  }

  #view(index: number, offset: number): Uint8Array {
    const block = this.#blocks[index];
    if (!block) throw new RangeError(`Byte ${offset} is not in memory (${this.#start} to ${this.#end}).`);
    return block.bytes.subarray(offset - block.start, block.used);
  }
}
