import type { Position } from './output-source.ts';

/** What an event's `offset` points at: the chunk's first byte, the byte after it, or its last one. */
type Meaning = 'start' | 'end' | 'last';

/** Bytes of UTF-8. */
const LONGEST_CHARACTER = 4;

/**
 * What a server means by offsets. The documentation says "the byte offset of this chunk" and "the byte offset to start
 * the stream from", which leaves open where in a chunk its offset points, and whether a stream asked from N holds byte
 * N; no live service was at hand to try. So it is learned while reading, and kept for all connections of a stream.
 */
export class OffsetReading {
  /** What is still possible, the likeliest first. */
  #meanings: readonly Meaning[] = ['start', 'end', 'last'];
  #hasOffsets = false;
  /** Whether a stream that is asked from N begins behind byte N; undefined: not seen yet. */
  #leavesOut: boolean | undefined;
  #hasDoubted = false;

  /**
   * What to ask for to go on; undefined for the stream from its start. The first time that is some characters earlier
   * than what is needed: at one of a single byte, so that both ways of taking it begin at a whole character, and the
   * first chunk shows which way it is. What comes twice is dropped.
   */
  resumeAt({ next, tail }: Position): number | undefined {
    if (next === 0) return undefined;
    if (this.#leavesOut !== undefined) return this.#leavesOut ? next - 1 : next;
    return this.#hasOffsets ? next - bytesFromLastAscii(tail) : next;
  }

  /**
   * Where the first chunk of a stream starts, as a byte of the stream.
   *
   * @param asked what the stream was asked from; undefined: from its start
   */
  firstStart(offset: number | undefined, bytes: number, asked: number | undefined): number {
    if (asked === undefined) return this.startOf(offset, bytes, 0);
    if (this.#leavesOut !== undefined || !this.#hasOffsets) {
      return this.startOf(offset, bytes, this.#leavesOut ? asked + 1 : asked);
    }
    const start = this.startOf(offset, bytes, asked, asked + 1);
    if (start === asked) this.#leavesOut = false;
    if (start === asked + 1) this.#leavesOut = true;
    return start;
  }

  /**
   * A stream that was asked for the byte needed, for want of a character of a single byte before it, began so many bytes
   * behind it: that may be no more than the character at the byte asked for.
   *
   * @returns whether to ask again, a byte earlier; otherwise the bytes are gone
   */
  beganLate(missing: number): boolean {
    if (this.#hasDoubted || this.#leavesOut === false) return false;
    if (missing <= 0 || missing > LONGEST_CHARACTER) return false;
    this.#hasDoubted = true;
    this.#leavesOut = true;
    return true;
  }

  /**
   * Where a chunk starts, as a byte of the stream.
   *
   * @param offset as the event says it; undefined when it does not
   * @param bytes the chunk's length as UTF-8
   * @param expected where the chunk starts if nothing was left out
   * @param orElse where else it may start
   */
  startOf(offset: number | undefined, bytes: number, expected: number, orElse = expected): number {
    if (offset === undefined || bytes === 0) return expected;
    this.#hasOffsets = true;
    const [likeliest = 'start'] = this.#meanings;
    if (this.#meanings.length === 1) return startBy(likeliest, offset, bytes);
    const fitting = this.#meanings.filter((meaning) => {
      const start = startBy(meaning, offset, bytes);
      return start === expected || start === orElse;
    });
    if (fitting.length > 0) {
      this.#meanings = fitting;
      return startBy(fitting[0] ?? likeliest, offset, bytes);
    }
    // A chunk after a gap, or one that comes twice: it teaches nothing. The nearest is the likeliest.
    const distance = (meaning: Meaning) => Math.abs(startBy(meaning, offset, bytes) - expected);
    const nearest = this.#meanings.reduce((a, b) => (distance(b) < distance(a) ? b : a));
    return startBy(nearest, offset, bytes);
  }
}

function startBy(meaning: Meaning, offset: number, bytes: number): number {
  if (meaning === 'start') return offset;
  return meaning === 'end' ? offset - bytes : offset + 1 - bytes;
}

/** 0 when there is no such character near, or when what follows it may have had other bytes. */
function bytesFromLastAscii(tail: string): number {
  for (let at = tail.length - 1; at >= 0; at--) {
    const code = tail.charCodeAt(at);
    if (code < 0x80) return Buffer.byteLength(tail.slice(at));
    if (code === 0xfffd) return 0;
  }
  return 0;
}
