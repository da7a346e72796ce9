/** Cuts text into lines at "\n", which is no part of them; a "\r" before it is. */
export class LineSplitter {
  /** The beginning of a line. Only ever appended to: a long line costs its length once. */
  #begun = '';

  /** The lines that end in this text. */
  take(text: string): string[] {
    const lines = text.split('\n');
    const last = lines.pop() ?? '';
    if (lines.length === 0) {
      this.#begun += last;
      return lines;
    }
    lines[0] = this.#begun + lines[0];
    this.#begun = last;
    return lines;
  }

  /** A last line without its line break; empty when there is none. */
  end(): string[] {
    const last = this.#begun;
    this.#begun = '';
    return last === '' ? [] : [last];
  }
}
