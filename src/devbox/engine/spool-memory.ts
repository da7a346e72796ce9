const SMALLEST_BLOCK = 4096;
const LARGEST_BLOCK = 1_048_576;

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

  /** A copy of at most `maxBytes` bytes from `offset`, which must be held. */
  copy(offset: number, maxBytes: number): Uint8Array {
    const length = Math.max(0, Math.min(maxBytes, this.#end - offset));
    const copied = new Uint8Array(length);
    let at = 0;
    for (let index = this.#indexOf(offset); at < length; index++) {
      const view = this.#view(index, offset + at).subarray(0, length - at);
      copied.set(view, at);
      at += view.length;
    }
    return copied;
  }

  /** Views, for a write to disk: they stay as they are, because blocks only grow at their ends. */
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
    let gone = 0;
    for (const block of this.#blocks) {
      if (block.start + block.used > offset) break;
      gone++;
    }
    if (gone === 0) return;
    this.#blocks.splice(0, gone);
    this.#start = this.#blocks[0]?.start ?? this.#end;
  }

  #lastBlock(): Block {
    const last = this.#blocks.at(-1);
    if (last && last.used < last.bytes.length) return last;
    const size = Math.min(LARGEST_BLOCK, Math.max(SMALLEST_BLOCK, (last?.bytes.length ?? 0) * 4));
    const block = { start: this.#end, used: 0, bytes: Buffer.allocUnsafeSlow(size) };
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
