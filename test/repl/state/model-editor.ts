const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const NO_WORD = '[^\\p{L}\\p{N}\\p{M}]*';
const WORD = '[\\p{L}\\p{N}\\p{M}]*';

/**
 * What the editor should do, said in the plainest way: a text, an offset, and the whole text segmented anew at each
 * step. Nothing of it is shared with the editor.
 */
export class ModelEditor {
  text = '';
  offset = 0;
  #ring: string[] = [];
  #kills = false;
  #yanked: { start: number; age: number } | undefined;

  get borders(): number[] {
    return [...[...segmenter.segment(this.text)].map(({ index }) => index), this.text.length];
  }

  /** Takes over a state that the model does not foresee, as undo's. */
  adopt(text: string, offset: number): void {
    this.text = text;
    this.#go(offset);
  }

  insert(text: string): void {
    this.#replace(this.offset, this.offset, text);
  }

  left(): void {
    this.#go(this.#borderBefore(this.offset));
  }

  right(): void {
    this.#go(this.#borderAfter(this.offset));
  }

  wordLeft(): void {
    this.#go(this.#wordStart());
  }

  wordRight(): void {
    this.#go(this.#wordEnd());
  }

  lineStart(): void {
    this.#go(
      this.text.lastIndexOf('\n', this.offset - 1) < 0 || this.offset === 0 ? 0 : this.#feedBefore() + 1,
    );
  }

  lineEnd(): void {
    this.#go(this.#lineEnd());
  }

  textStart(): void {
    this.#go(0);
  }

  textEnd(): void {
    this.#go(this.text.length);
  }

  backspace(): void {
    this.#replace(this.#borderBefore(this.offset), this.offset, '');
  }

  delete(): void {
    this.#replace(this.offset, this.#borderAfter(this.offset), '');
  }

  clear(): void {
    this.#replace(0, this.text.length, '');
  }

  killToEnd(): void {
    const end = this.#lineEnd();
    this.#kill(this.offset, end === this.offset ? Math.min(end + 1, this.text.length) : end);
  }

  killToStart(): void {
    const start = this.offset === 0 ? 0 : this.#feedBefore() + 1;
    this.#kill(start === this.offset ? Math.max(0, start - 1) : start, this.offset);
  }

  killWordLeft(): void {
    this.#kill(this.#wordStart(), this.offset);
  }

  killWordRight(): void {
    this.#kill(this.offset, this.#wordEnd());
  }

  killArgumentLeft(): void {
    const start = this.text.slice(0, this.offset).search(/\S*\s*$/u);
    this.#kill(this.#borderUpTo(start), this.offset);
  }

  yank(): void {
    const text = this.#ring.at(-1);
    if (text === undefined) return;
    const start = this.offset;
    this.#replace(start, start, text);
    this.#yanked = { start, age: 0 };
  }

  yankPop(): void {
    const { start, age } = this.#yanked ?? {};
    if (start === undefined || age === undefined) return;
    const at = (which: number) => this.#ring.at(-1 - (which % this.#ring.length)) ?? '';
    this.#replace(start, start + at(age).length, at(age + 1));
    this.#yanked = { start, age: age + 1 };
  }

  #kill(start: number, end: number): void {
    if (start === end) return;
    const killed = this.text.slice(start, end);
    const forward = start === this.offset;
    const newest = this.#kills ? this.#ring.pop() : undefined;
    this.#ring.push(newest === undefined ? killed : forward ? newest + killed : killed + newest);
    this.#replace(start, end, '');
    this.#kills = true;
  }

  #replace(start: number, end: number, text: string): void {
    if (start === end && text === '') return;
    this.text = this.text.slice(0, start) + text + this.text.slice(end);
    this.#go(start + text.length);
  }

  /** A cursor that would stand inside a grapheme goes behind it. */
  #go(offset: number): void {
    this.offset = this.borders.find((border) => border >= offset) ?? this.text.length;
    this.#kills = false;
    this.#yanked = undefined;
  }

  #borderBefore(offset: number): number {
    return this.borders.findLast((border) => border < offset) ?? 0;
  }

  #borderAfter(offset: number): number {
    return this.borders.find((border) => border > offset) ?? this.text.length;
  }

  #borderUpTo(offset: number): number {
    return this.borders.findLast((border) => border <= offset) ?? 0;
  }

  #feedBefore(): number {
    return this.offset === 0 ? -1 : this.text.lastIndexOf('\n', this.offset - 1);
  }

  #lineEnd(): number {
    const feed = this.text.indexOf('\n', this.offset);
    return feed === -1 ? this.text.length : feed;
  }

  #wordStart(): number {
    return this.#borderUpTo(this.text.slice(0, this.offset).search(new RegExp(`${WORD}${NO_WORD}$`, 'u')));
  }

  #wordEnd(): number {
    const [run = ''] = new RegExp(`^${NO_WORD}${WORD}`, 'u').exec(this.text.slice(this.offset)) ?? [];
    const end = this.offset + run.length;
    return this.borders.find((border) => border >= end) ?? this.text.length;
  }
}
