import { unfinishedBytes, validText } from './text-of.ts';

export interface TextPiece {
  /** Valid UTF-8. */
  readonly bytes: Uint8Array;
  /** The offset of its first byte. */
  readonly offset: number;
}

/**
 * Cuts a stream of bytes into pieces of text at the boundaries of characters: the beginning of a character at the end of one
 * piece waits for its rest.
 */
export class TextPieces {
  #held: Uint8Array = new Uint8Array();
  #heldAt = 0;

  /** @param offset where `bytes` start; a gap after the piece before ends what was held back */
  *take(offset: number, bytes: Uint8Array): Iterable<TextPiece> {
    if (this.#held.byteLength > 0 && this.#heldAt + this.#held.byteLength !== offset) yield* this.end();
    const start = offset - this.#held.byteLength;
    const all = this.#held.byteLength === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const whole = all.byteLength - unfinishedBytes(all);
    // A copy: what it was cut from is used again.
    this.#held = new Uint8Array(all.subarray(whole));
    this.#heldAt = start + whole;
    if (whole > 0) yield { bytes: validText(all.subarray(0, whole)), offset: start };
  }

  /** What was held back and will not be finished any more. */
  *end(): Iterable<TextPiece> {
    if (this.#held.byteLength === 0) return;
    const piece = { bytes: validText(this.#held), offset: this.#heldAt };
    this.#held = new Uint8Array();
    yield piece;
  }
}
