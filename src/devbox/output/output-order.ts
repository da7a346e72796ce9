import type { OutputStreamName } from '../../api/execution.ts';

/** A place in both streams, bytes. */
export interface Offsets {
  readonly stdout: number;
  readonly stderr: number;
}

/** Kept of the places where one stream gave way to the other: 16 bytes each. */
const MOST_PLACES = 8_192;

/**
 * In which order the two streams of a command grew, as far as their reader saw it: the places at which the other one
 * began to grow. Between two of them one stream grew alone. Of a command that changes very often every other place is
 * forgotten, the oldest ones most often: what stands between two places is then told as stdout first.
 */
export class OutputOrder {
  #stdout: number[] = [];
  #stderr: number[] = [];
  #growing: OutputStreamName | undefined;

  /** A stream is about to grow. @param present how long both are */
  grows(stream: OutputStreamName, present: Offsets): void {
    if (stream === this.#growing) return;
    this.#growing = stream;
    // Nothing came before, or an earlier server left it.
    if (present.stdout + present.stderr === 0) return;
    this.#stdout.push(present.stdout);
    this.#stderr.push(present.stderr);
    if (this.#stdout.length > MOST_PLACES) this.#thinOut();
  }

  /**
   * @param from where a reader of both is
   * @returns how far it goes before the order changes, stdout first; undefined: as far as there is anything
   */
  until(from: Offsets): Offsets | undefined {
    let low = 0;
    let high = this.#stdout.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const place = this.#at(middle);
      if (place.stdout > from.stdout || place.stderr > from.stderr) high = middle;
      else low = middle + 1;
    }
    return low < this.#stdout.length ? this.#at(low) : undefined;
  }

  /** Of memory. */
  get bytes(): number {
    return this.#stdout.length * 16;
  }

  #at(index: number): Offsets {
    return { stdout: this.#stdout[index] ?? 0, stderr: this.#stderr[index] ?? 0 };
  }

  /** The newest stays: one stream alone has grown since. */
  #thinOut(): void {
    const isKept = (_: number, index: number) => index % 2 === MOST_PLACES % 2;
    this.#stdout = this.#stdout.filter(isKept);
    this.#stderr = this.#stderr.filter(isKept);
  }
}
