import type { LexerState } from './lexer-state.ts';

const IN_DOUBLE_QUOTES = /[^"\\$`]+/y;
const IN_PARAMETER = /[^}"'\\$`]+/y;
const IN_ARITHMETIC = /[^()"\\$`]+/y;
const SINGLE_QUOTED = /[^']*/y;
const ANSI_QUOTED = /(?:[^'\\]|\\[\s\S])*/y;
const NAME = /\$(?:\w+|[?#@*!$-])/y;

/** A quote, an expansion or a substitution, as they occur in a word. */
export function lexQuoteOrExpansion(at: LexerState): boolean {
  const char = at.text[at.index];
  const next = at.text[at.index + 1];
  if (char !== '"' && char !== "'" && char !== '`' && char !== '$') return false;
  if (char === '$' && (next === undefined || !/[\w?#@*!$({"'-]/.test(next))) return false;
  at.beginWord();
  if (char === '"') at.push('"', 1, 'string');
  else if (char === '$' && next === '"') at.push('"', 2, 'string');
  else if (char === "'") lexSingleQuotes(at, 1, SINGLE_QUOTED);
  else if (char === '$' && next === "'") lexSingleQuotes(at, 2, ANSI_QUOTED);
  else lexExpansion(at);
  return true;
}

function lexSingleQuotes(at: LexerState, opening: number, content: RegExp): void {
  const quote = at.take(opening, 'string');
  at.take(at.match(content)?.length ?? 0, 'string');
  if (at.atEnd) quote.kind = 'unfinished';
  else at.take(1, 'string');
}

/** `$(…)`, `$((…))`, `${…}`, a backquote or `$name`; anything else is one character. */
function lexExpansion(at: LexerState): void {
  const next = at.text[at.index + 1];
  if (at.text[at.index] === '`') at.push('`', 1);
  else if (at.text.startsWith('$((', at.index)) at.push('))', 3);
  else if (next === '(') at.push(')', 2);
  else if (next === '{') at.push('parameter', 2);
  else at.take(at.match(NAME)?.length ?? 1);
}

export function lexInDoubleQuotes(at: LexerState): void {
  const run = at.match(IN_DOUBLE_QUOTES);
  const char = at.text[at.index];
  if (run !== undefined) at.take(run.length, 'string');
  else if (char === '"') at.pop(1, 'string');
  else if (char === '\\') at.take(2, 'string');
  else if (char === '`' && at.open.at(-2)?.closer === '`') at.pop(0);
  else lexExpansion(at);
}

export function lexInParameter(at: LexerState): void {
  const run = at.match(IN_PARAMETER);
  const char = at.text[at.index];
  // Inside double quotes a single quote is a character like any other.
  const isQuoted = at.open.some(({ closer }) => closer === '"');
  if (run !== undefined) at.take(run.length);
  else if (char === '}') at.pop(1);
  else if (char === '\\') at.take(2);
  else if (char === '"') at.push('"', 1, 'string');
  else if (char === "'" && !isQuoted) lexSingleQuotes(at, 1, SINGLE_QUOTED);
  else if (char === "'") at.take(1);
  else lexExpansion(at);
}

export function lexInArithmetic(at: LexerState): void {
  const run = at.match(IN_ARITHMETIC);
  const char = at.text[at.index];
  const open = at.open.at(-1);
  if (run !== undefined) at.take(run.length);
  else if (char === '"') at.push('"', 1, 'string');
  else if (char === '\\') at.take(2);
  else if (char === '$' || char === '`') lexExpansion(at);
  else if (char === ')' && open?.depth === 0) at.pop(at.text[at.index + 1] === ')' ? 2 : 1);
  else {
    if (open !== undefined) open.depth += char === '(' ? 1 : -1;
    at.take(1);
  }
}
