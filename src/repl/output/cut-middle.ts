/** Gathers text, and of a long one its beginning and its end; what is between is counted. */
export class CutMiddle {
  readonly #headMost: number;
  readonly #tailMost: number;
  #head = '';
  #tail = '';
  #cutBytes = 0;

  /** @param most characters that are kept, three quarters of them from the beginning */
  constructor(most: number) {
    this.#tailMost = Math.floor(most / 4);
    this.#headMost = most - this.#tailMost;
  }

  write(text: string): void {
    const room = this.#headMost - this.#head.length;
    this.#head += text.slice(0, room);
    this.#tail += text.slice(room);
    // Not at each write: what is cut off is looked through.
    if (this.#tail.length > 4 * this.#tailMost) this.#trim();
  }

  /** Whole lines on both sides of the cut, where there are any. */
  end(): { readonly head: string; readonly tail: string; readonly cutBytes: number } {
    this.#trim();
    if (this.#cutBytes === 0) return { head: this.#head + this.#tail, tail: '', cutBytes: 0 };
    const headEnd = this.#head.lastIndexOf('\n') + 1 || this.#head.length;
    const tailStart = this.#tail.indexOf('\n') + 1;
    const cut = this.#head.slice(headEnd) + this.#tail.slice(0, tailStart);
    return {
      head: this.#head.slice(0, headEnd).toWellFormed(),
      tail: this.#tail.slice(tailStart).toWellFormed(),
      cutBytes: this.#cutBytes + Buffer.byteLength(cut),
    };
  }

  #trim(): void {
    const over = this.#tail.length - this.#tailMost;
    if (over <= 0) return;
    this.#cutBytes += Buffer.byteLength(this.#tail.slice(0, over));
    this.#tail = this.#tail.slice(over);
  }
}
