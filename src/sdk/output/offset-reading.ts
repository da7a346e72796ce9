/**
 * What `offset` in an event means. The documentation says "the byte offset of this chunk", which can be its start or
 * its end, and no live service was at hand to try: the first chunk of a stream asked from 0 shows which.
 */
export class OffsetReading {
  #meaning: 'start' | 'end' = 'start';
  #settled = false;

  /**
   * Where a chunk starts.
   *
   * @param offset as the event says it; undefined when it does not
   * @param bytes the chunk's length as UTF-8
   * @param expected where the chunk starts if nothing was left out
   */
  startOf(offset: number | undefined, bytes: number, expected: number): number {
    if (offset === undefined) return expected;
    if (!this.#settled && expected === 0 && bytes > 0) {
      this.#settled = true;
      this.#meaning = offset === bytes ? 'end' : 'start';
    }
    return this.#meaning === 'end' ? offset - bytes : offset;
  }
}
