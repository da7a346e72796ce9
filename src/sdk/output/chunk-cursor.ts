import type { OffsetReading } from './offset-reading.ts';

/** Bytes that the server no longer holds: from the first that is missing to the first that is there again. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** What of a chunk is new: text that was not handed out before, behind the bytes that are missing. */
export interface Fresh {
  readonly text: string;
  readonly gap: ByteRange | undefined;
}

/** The place in a stream of chunks, by bytes of UTF-8: drops what comes twice, finds what is missing. */
export class ChunkCursor {
  readonly #reading: OffsetReading;
  readonly #asked: number | undefined;
  /** Where the next chunk starts if the server leaves nothing out. */
  #expected: readonly [number, ...number[]];
  #needed: number;
  #hasBegun = false;

  /**
   * @param asked what the stream was asked from; undefined: from its start
   * @param needed the first byte that was not handed out yet
   */
  constructor(asked: number | undefined, needed: number, reading: OffsetReading) {
    this.#asked = asked;
    this.#needed = needed;
    this.#reading = reading;
    this.#expected = reading.startsFor(asked);
  }

  /** The first byte that was not handed out yet. */
  get needed(): number {
    return this.#needed;
  }

  take(output: string, offset: number | undefined): Fresh {
    const bytes = Buffer.byteLength(output);
    const start = this.#reading.startOf(offset, bytes, this.#expected);
    if (!this.#hasBegun && bytes > 0) {
      this.#hasBegun = true;
      this.#reading.began(this.#asked, start);
    }
    const needed = this.#needed;
    const end = start + bytes;
    this.#expected = [end];
    if (end <= needed) return NOTHING;
    this.#needed = end;
    if (start >= needed)
      return { text: output, gap: start > needed ? { from: needed, to: start } : undefined };
    return {
      text: Buffer.from(output)
        .subarray(needed - start)
        .toString(),
      gap: undefined,
    };
  }

  /** The server says itself that what comes before `to` is missing. */
  skip(to: number): Fresh {
    this.#hasBegun = true;
    this.#expected = [to];
    const from = this.#needed;
    if (to <= from) return NOTHING;
    this.#needed = to;
    return { text: '', gap: { from, to } };
  }
}

const NOTHING: Fresh = { text: '', gap: undefined };
