import type { OffsetReading } from './offset-reading.ts';

/** Bytes that the server no longer holds: from the first that is missing to the first that is there again. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** The place in a stream of chunks, by bytes of UTF-8: drops what comes twice, finds what is missing. */
export class ChunkCursor {
  readonly #reading: OffsetReading;
  readonly #asked: number | undefined;
  /** Where the next chunk starts if the server leaves nothing out. */
  #expected: number;
  #needed: number;
  #hasBegun = false;
  #gap: ByteRange | undefined;

  /**
   * @param asked what the stream was asked from; undefined: from its start
   * @param needed the first byte that was not handed out yet
   */
  constructor(asked: number | undefined, needed: number, reading: OffsetReading) {
    this.#asked = asked;
    this.#needed = needed;
    this.#reading = reading;
    this.#expected = asked ?? 0;
  }

  /** The first byte that was not handed out yet. */
  get needed(): number {
    return this.#needed;
  }

  /**
   * @param bytes its length as UTF-8
   * @param offset as the event says it
   * @returns what of the chunk is new; what is missing in front of it is the next `takeGap()`. Undefined when the stream
   *   is to be asked for again, from where the reading says now
   */
  take(output: string, bytes: number, offset: number | undefined): string | undefined {
    const isFirst = !this.#hasBegun;
    const start = this.#startOf(offset, bytes);
    const end = start + bytes;
    const needed = this.#needed;
    if (isFirst && this.#asked === needed && this.#reading.beganLate(start - needed)) return undefined;
    this.#expected = end;
    if (end <= needed) return '';
    this.#needed = end;
    if (start === needed) return output;
    if (start < needed)
      return Buffer.from(output)
        .subarray(needed - start)
        .toString();
    this.#gap = { from: needed, to: start };
    return output;
  }

  /** The server says itself that what comes before `to` is missing. */
  skip(to: number): void {
    this.#hasBegun = true;
    this.#expected = to;
    const from = this.#needed;
    if (to <= from) return;
    this.#needed = to;
    this.#gap = { from, to };
  }

  takeGap(): ByteRange | undefined {
    const gap = this.#gap;
    this.#gap = undefined;
    return gap;
  }

  #startOf(offset: number | undefined, bytes: number): number {
    if (this.#hasBegun || bytes === 0) return this.#reading.startOf(offset, bytes, this.#expected);
    this.#hasBegun = true;
    return this.#reading.firstStart(offset, bytes, this.#asked);
  }
}
