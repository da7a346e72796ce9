/**
 * What a part of a shell text is, as far as colouring goes. `unfinished`: the token that opens what nothing closes
 * (a quote, `$(`, `if`, `<<EOF`), or an operator at the end that wants more.
 */
export type SpanKind = 'command' | 'keyword' | 'string' | 'comment' | 'unfinished';

/** UTF-16 indexes. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly kind: SpanKind;
}

interface Token {
  readonly start: number;
  readonly end: number;
  kind: SpanKind | undefined;
}

/** What ends an open construct. `parameter` is the `}` of one, `array` the `)`. */
export type Closer = ')' | '}' | 'parameter' | '))' | ']]' | '`' | '"' | 'array' | 'fi' | 'done' | 'esac';

interface Open {
  readonly closer: Closer;
  readonly token: Token;
  /** Whether a word goes on behind what closes it, as behind `$(…)` in `a$(b)c`. */
  readonly inWord: boolean;
  readonly expectsCommand: boolean;
  /** Open parentheses inside arithmetic. */
  depth: number;
  /** Inside `case`: a pattern stands here, not a command. */
  inPattern: boolean;
}

interface Heredoc {
  readonly token: Token;
  readonly delimiter: string;
  /** `<<-`: tabs before the delimiter do not count. */
  readonly tabs: boolean;
}

/** Where the lexer stands, and what it has found. Changed in place: it lives for one text only. */
export class LexerState {
  readonly text: string;
  readonly tokens: Token[] = [];
  readonly open: Open[] = [];
  heredocs: Heredoc[] = [];
  index = 0;
  inWord = false;
  expectsCommand = true;
  /** The word is an assignment: a command may follow it. */
  assigns = false;
  /** The next word is the target of a redirection. */
  expectsTarget = false;
  /** An operator that wants something behind it. */
  wants: Token | undefined;

  constructor(text: string) {
    this.text = text;
  }

  get closer(): Closer | undefined {
    return this.open.at(-1)?.closer;
  }

  get inPattern(): boolean {
    return this.open.at(-1)?.inPattern === true;
  }

  setInPattern(inPattern: boolean): void {
    const open = this.open.at(-1);
    if (open?.closer === 'esac') open.inPattern = inPattern;
  }

  get atEnd(): boolean {
    return this.index >= this.text.length;
  }

  /** The text at the index that a sticky pattern matches. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.index;
    return pattern.exec(this.text)?.[0];
  }

  /** Takes so many characters as one token. */
  take(length: number, kind?: SpanKind): Token {
    const token = { start: this.index, end: Math.min(this.index + length, this.text.length), kind };
    if (token.end > token.start) this.tokens.push(token);
    this.index = token.end;
    return token;
  }

  /** Takes the token that opens something. Inside it, words begin anew. */
  push(closer: Closer, length: number, kind?: SpanKind): void {
    const { inWord, expectsCommand } = this;
    const token = this.take(length, kind);
    this.open.push({ closer, token, inWord, expectsCommand, depth: 0, inPattern: closer === 'esac' });
    this.inWord = false;
    this.assigns = false;
    this.expectsCommand = closer === ')' || closer === '`' || closer === '}';
  }

  /** Takes the token that closes what was opened last. */
  pop(length: number, kind?: SpanKind): void {
    const open = this.open.pop();
    this.take(length, kind);
    this.inWord = open?.inWord ?? false;
    this.expectsCommand = open?.expectsCommand ?? false;
    // Only in an assignment may a command follow the word.
    this.assigns = this.inWord && this.expectsCommand;
  }

  /** A word begins, or goes on. */
  beginWord(): void {
    this.wants = undefined;
    if (this.inWord) return;
    this.inWord = true;
    this.assigns = false;
    if (this.expectsTarget) this.assigns = this.expectsCommand;
    this.expectsTarget = false;
    this.expectsCommand = this.assigns;
  }

  endWord(): void {
    this.inWord = false;
    this.assigns = false;
  }

  spans(): readonly Span[] {
    for (const { token } of [...this.open, ...this.heredocs]) token.kind = 'unfinished';
    if (this.wants !== undefined) this.wants.kind = 'unfinished';
    return this.tokens.filter((token): token is Span => token.kind !== undefined);
  }
}
