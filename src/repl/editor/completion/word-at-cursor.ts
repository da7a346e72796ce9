import { beginCommand, type CommandStart, endWord, type Level, newLevel, ownerOf } from './command-level.ts';
import type { QuoteMode } from './quote-name.ts';
import { type PathPart, WordParts } from './word-parts.ts';

/** What stands before the cursor, and what of it a completion replaces. */
export interface CompletedWord {
  readonly kind: 'command' | 'argument' | 'variable' | 'user';
  /** UTF-16 index: from here to the cursor is replaced. */
  readonly from: number;
  /** In which quotes that is. */
  readonly mode: QuoteMode;
  /** What was typed of the name, without quoting. */
  readonly base: string;
  /** What stands before the name in the same path, up to the slash; empty: relative to the working directory. */
  readonly directory: readonly PathPart[];
  /** `${` stands before it. */
  readonly braced: boolean;
  /** Of an argument, unless a redirection takes it: whose it is. */
  readonly command?: CommandStart | undefined;
}

const NAME = /^[A-Za-z_]\w*/;
const ASSIGNED = /^[A-Za-z_]\w*\+?$/;

/**
 * Reads the text as bash would, up to the cursor. Made for lines that are typed: bodies of heredocs are read as code.
 *
 * @returns undefined where nothing can be completed: in a comment, in `$'…'`, behind a glob or a substitution
 */
export function wordAtCursor(text: string, cursor: number): CompletedWord | undefined {
  return new Reading(text.slice(0, cursor)).read();
}

class Reading {
  readonly #text: string;
  #index = 0;
  #mode: QuoteMode = 'bare';
  #levels: Level[] = [newLevel(undefined, 'bare')];
  /** Nothing can be completed, or it is known what. */
  #found: { readonly word: CompletedWord | undefined } | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  read(): CompletedWord | undefined {
    while (this.#index < this.#text.length && this.#found === undefined) {
      if (this.#mode === 'single') this.#inSingle();
      else if (this.#mode === 'double') this.#inDouble();
      else this.#inCode();
    }
    return this.#found === undefined ? this.#atEnd() : this.#found.word;
  }

  get #level(): Level {
    return this.#levels.at(-1) as Level;
  }

  get #word(): WordParts {
    this.#level.word ??= new WordParts(this.#index);
    return this.#level.word;
  }

  #atEnd(): CompletedWord | undefined {
    const { word: begun, expectsCommand, redirects } = this.#level;
    const word = begun ?? new WordParts(this.#index);
    const { base, directory, from, mode } = word;
    if (base === undefined || directory.some(({ type }) => type === 'unknown')) return undefined;
    const place = { from, mode, base, directory, braced: false };
    const owner = ownerOf(this.#level, word);
    if (redirects || owner === undefined) {
      return { kind: expectsCommand && !redirects && !word.afterEquals ? 'command' : 'argument', ...place };
    }
    return { kind: 'argument', ...place, command: { ...owner, word: word.start } };
  }

  #inSingle(): void {
    const char = this.#text.charAt(this.#index++);
    if (char === "'") this.#mode = 'bare';
    else this.#word.addLiteral(char, this.#index, 'single');
  }

  #inDouble(): void {
    const char = this.#text.charAt(this.#index);
    if (char === '"') {
      this.#mode = 'bare';
      this.#index += 1;
    } else if (char === '\\' && /[$`"\\\n]/.test(this.#text.charAt(this.#index + 1))) {
      this.#escaped('double');
    } else if (!this.#expansion(char)) {
      this.#index += 1;
      this.#word.addLiteral(char, this.#index, 'double');
    }
  }

  #escaped(mode: QuoteMode): void {
    const char = this.#text.charAt(this.#index + 1);
    const word = this.#word;
    this.#index += 2;
    if (char !== '\n' && char !== '') word.addLiteral(char, this.#index, mode);
  }

  #inCode(): void {
    const char = this.#text.charAt(this.#index);
    const next = this.#text.charAt(this.#index + 1);
    const newWord = this.#level.word === undefined;
    if (char === '\\') this.#escaped('bare');
    else if (char === '<' || char === '>') this.#redirection(next);
    else if (char === '#' && newWord) this.#comment();
    else if (/[;&|\n()]/.test(char) && !(char === '&' && next === '>')) this.#operator(char);
    else if (char === '~' && (newWord || this.#word.isAtStart)) this.#tilde();
    else if (!this.#expansion(char)) this.#single(char);
  }

  /** A character that stands for itself, for a blank, or for a quote. */
  #single(char: string): void {
    if (char === ' ' || char === '\t' || char === '&') this.#endWord();
    else if (char === "'" || char === '"') {
      this.#mode = char === "'" ? 'single' : 'double';
      this.#word.quoteOpens(this.#index, this.#mode);
    } else this.#plain(char);
    this.#index += 1;
  }

  #operator(char: string): void {
    if (char === ')' && this.#level.closer === ')') {
      this.#leave();
      return;
    }
    const list = char === '(' && this.#level.word?.assigns === true;
    this.#endWord();
    this.#index += 1;
    // The words of `name=(…)` are no commands.
    if (char === '(') this.#levels.push({ ...newLevel(')', 'bare'), expectsCommand: !list });
    else beginCommand(this.#level);
  }

  #plain(char: string): void {
    const word = this.#word;
    const end = this.#index + 1;
    const isEquals = char === '=' && word.directory.length === 0 && !word.afterEquals;
    if (isEquals) word.assigns = this.#level.expectsCommand && ASSIGNED.test(word.base ?? '');
    if (/[*?[]/.test(char)) word.add({ type: 'unknown' });
    else if (isEquals || (char === ':' && word.assigns)) word.restart(end);
    else word.addLiteral(char, end, 'bare');
  }

  #tilde(): void {
    const word = this.#word;
    const [text = '~'] = /^~[\w.-]*/.exec(this.#text.slice(this.#index)) ?? [];
    const end = this.#index + text.length;
    const expands = !word.afterEquals || word.assigns;
    if (expands && end === this.#text.length) {
      const from = this.#index + 1;
      const base = text.slice(1);
      this.#found = { word: { kind: 'user', from, mode: 'bare', base, directory: [], braced: false } };
    }
    if (expands && this.#text.charAt(end) === '/') word.add({ type: 'tilde', text });
    else for (const char of text) word.addLiteral(char, end, 'bare');
    this.#index = end;
  }

  /** `$…` and `` ` ``, which have a meaning in double quotes too. @returns false: it is something else. */
  #expansion(char: string): boolean {
    if (char === '`') {
      if (this.#level.closer === '`') this.#leave();
      else this.#enter('`', 1);
      return true;
    }
    if (char !== '$') return false;
    const after = this.#text.slice(this.#index + 1);
    if (after.startsWith('(')) this.#enter(')', 2);
    else if (this.#mode === 'bare' && after.startsWith("'")) this.#ansiString();
    else if (this.#mode === 'bare' && after.startsWith('"')) this.#index += 1;
    else if (after.startsWith('{')) this.#braced(after.slice(1));
    else this.#variable(after);
    return true;
  }

  #variable(after: string): void {
    const [name = ''] = NAME.exec(after) ?? [];
    const from = this.#index + 1;
    const word = this.#word;
    if (name.length === after.length) this.#foundVariable(from, name, false);
    else if (name !== '') word.add({ type: 'variable', name });
    else word.add({ type: 'unknown' });
    this.#index = from + (name === '' ? (/^[\d@*#?$!-]/.test(after) ? 1 : 0) : name.length);
  }

  #braced(after: string): void {
    const [name = ''] = NAME.exec(after) ?? [];
    const from = this.#index + 2;
    const word = this.#word;
    if (name.length === after.length) this.#foundVariable(from, name, true);
    const end = after.indexOf('}');
    if (end < 0) this.#found ??= { word: undefined };
    word.add(end === name.length && name !== '' ? { type: 'variable', name } : { type: 'unknown' });
    this.#index = from + end + 1;
  }

  #foundVariable(from: number, base: string, braced: boolean): void {
    this.#found = { word: { kind: 'variable', from, mode: this.#mode, base, directory: [], braced } };
  }

  #ansiString(): void {
    const [whole] = /^\$'(?:[^'\\]|\\[\s\S])*'/.exec(this.#text.slice(this.#index)) ?? [];
    if (whole === undefined) this.#found = { word: undefined };
    this.#word.add({ type: 'unknown' });
    this.#index += whole?.length ?? 0;
  }

  #comment(): void {
    const end = this.#text.indexOf('\n', this.#index);
    if (end < 0) this.#found = { word: undefined };
    this.#index = end;
  }

  #redirection(next: string): void {
    const { word } = this.#level;
    if (word !== undefined && /^\d+$/.test(word.base ?? '') && word.directory.length === 0) {
      this.#level.word = undefined;
    }
    this.#endWord();
    if (next === '(') {
      this.#enter(')', 2);
    } else {
      this.#level.redirects = true;
      this.#index += /[&|<>]/.test(next) ? 2 : 1;
    }
  }

  #enter(closer: ')' | '`', length: number): void {
    this.#word.add({ type: 'unknown' });
    this.#index += length;
    this.#levels.push(newLevel(closer, this.#mode));
    this.#mode = 'bare';
  }

  #leave(): void {
    const left = this.#levels.pop();
    this.#mode = left?.mode ?? 'bare';
    this.#index += 1;
  }

  #endWord(): void {
    endWord(this.#level, this.#text, this.#index);
  }
}
