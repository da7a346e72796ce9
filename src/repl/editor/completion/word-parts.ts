import type { QuoteMode } from './quote-name.ts';

/** A piece of a path as it was typed. `unknown`: what only the shell itself could tell, as `$(pwd)` or `*`. */
export type PathPart =
  | { readonly type: 'literal'; readonly text: string }
  | { readonly type: 'variable'; readonly name: string }
  /** `~` or `~name`. */
  | { readonly type: 'tilde'; readonly text: string }
  | { readonly type: 'unknown' };

/** The word that is being read, up to where the reading is. */
export class WordParts {
  /** Where it begins in the text. */
  readonly start: number;
  /** Up to its last slash. */
  directory: PathPart[] = [];
  /** Behind that. */
  rest: PathPart[] = [];
  /** Where `rest` begins in the text, and in which quotes. */
  from: number;
  mode: QuoteMode = 'bare';
  /** `NAME=` stands before it, where bash takes that for an assignment. */
  assigns = false;
  /** A path that begins after a `=` is no command. */
  afterEquals = false;

  constructor(start: number) {
    this.start = start;
    this.from = start;
  }

  /** @param end the index in the text behind it */
  addLiteral(char: string, end: number, mode: QuoteMode): void {
    const last = this.rest.at(-1);
    if (last?.type === 'literal') this.rest[this.rest.length - 1] = { ...last, text: last.text + char };
    else this.rest.push({ type: 'literal', text: char });
    if (char !== '/') return;
    this.directory.push(...this.rest);
    this.#begin(end, mode);
  }

  add(part: PathPart): void {
    this.rest.push(part);
  }

  /** A quote that opens where the name begins is kept, with what follows in it. */
  quoteOpens(index: number, mode: QuoteMode): void {
    if (index === this.from) this.#begin(index + 1, mode);
  }

  /** The path begins anew: after `=` or `:`. */
  restart(index: number): void {
    this.directory = [];
    this.#begin(index, 'bare');
    this.afterEquals = true;
  }

  get isAtStart(): boolean {
    return this.directory.length === 0 && this.rest.length === 0;
  }

  /** Nothing stands before the name, not even a quote. */
  get isPlain(): boolean {
    return this.directory.length === 0 && this.from === this.start;
  }

  /** What was typed of the name; undefined when that is not literal. */
  get base(): string | undefined {
    const [only, more] = this.rest;
    if (only === undefined) return '';
    return more === undefined && only.type === 'literal' ? only.text : undefined;
  }

  /** All of it, without quoting; undefined when it has other parts. */
  get literal(): string | undefined {
    let text = '';
    for (const part of [...this.directory, ...this.rest]) {
      if (part.type !== 'literal') return undefined;
      text += part.text;
    }
    return text;
  }

  #begin(from: number, mode: QuoteMode): void {
    this.rest = [];
    this.from = from;
    this.mode = mode;
  }
}
