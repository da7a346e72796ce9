import { lexHeredocBodies, lexHeredocOperator } from './heredocs.ts';
import { keywords } from './keywords.ts';
import { LexerState, type Span } from './lexer-state.ts';
import { lexInArithmetic, lexInDoubleQuotes, lexInParameter, lexQuoteOrExpansion } from './quotes.ts';

const WORD = /[^\s;&|<>()`"'$\\]+/y;
const BLANKS = /[ \t\r\f\v]+/y;
const ASSIGNMENT = /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/;
const REDIRECTION = /&>>?|<<<|<&|<>|>>|>&|>\||[<>]/y;
const OPERATOR = /;;&?|;&|&&|\|\||\|&|[;&|]/y;

/**
 * Tells the parts of a bash text apart, well enough for colours: it never fails, and what it takes wrongly only looks
 * odd. Whether a line is finished is decided elsewhere (unfinished.ts). Linear in the text.
 */
export function lexShell(text: string): readonly Span[] {
  const at = new LexerState(text);
  while (!at.atEnd) lexNext(at);
  return at.spans();
}

function lexNext(at: LexerState): void {
  const { closer } = at;
  if (closer === '"') lexInDoubleQuotes(at);
  else if (closer === 'parameter') lexInParameter(at);
  else if (closer === '))') lexInArithmetic(at);
  else lexCode(at);
}

function lexCode(at: LexerState): void {
  const char = at.text[at.index];
  const next = at.text[at.index + 1];
  const blanks = at.match(BLANKS);
  if (char === '\n') {
    lexNewLine(at);
  } else if (blanks !== undefined) {
    at.endWord();
    at.index += blanks.length;
  } else if (char === '#' && !at.inWord) {
    const end = at.text.indexOf('\n', at.index);
    at.take((end === -1 ? at.text.length : end) - at.index, 'comment');
  } else if (char === '\\' && next === '\n') {
    at.index += 2;
  } else if (char === ')' || (char === '`' && at.closer === '`')) {
    lexClosing(at, char);
  } else if (char === '(') {
    lexParenthesis(at);
  } else if ((char === '<' || char === '>') && next === '(') {
    at.beginWord();
    at.push(')', 2);
  } else if (!lexHeredocOperator(at) && !lexOperator(at) && !lexQuoteOrExpansion(at)) {
    lexWord(at);
  }
}

function lexNewLine(at: LexerState): void {
  at.endWord();
  at.index += 1;
  lexHeredocBodies(at);
  if (at.closer !== 'array' && at.closer !== ']]' && !at.inPattern) at.expectsCommand = true;
}

function lexOperator(at: LexerState): boolean {
  const redirection = at.match(REDIRECTION);
  const operator = redirection ?? at.match(OPERATOR);
  if (operator === undefined) return false;
  at.endWord();
  const token = at.take(operator.length);
  if (at.closer === ']]' || at.inPattern) return true;
  at.expectsTarget = redirection !== undefined;
  if (redirection !== undefined) return true;
  // Behind the end of a clause of `case` comes a pattern.
  if (operator.startsWith(';') && operator.length > 1) at.setInPattern(true);
  at.expectsCommand = !at.inPattern;
  if (operator === '&&' || operator.startsWith('|')) at.wants = token;
  return true;
}

function lexParenthesis(at: LexerState): void {
  const before = at.text[at.index - 1];
  const next = at.text[at.index + 1];
  const isPattern = at.closer === ']]' || at.inPattern;
  if (at.inWord && before === '=') {
    at.push('array', 1);
  } else if (next === ')' && !isPattern) {
    // A function's name stands before it.
    at.endWord();
    at.take(2);
    at.expectsCommand = true;
  } else if (isPattern || at.inWord) {
    at.take(1);
  } else {
    const isCommand = at.expectsCommand;
    at.wants = undefined;
    at.expectsCommand = false;
    if (isCommand && next === '(') at.push('))', 2);
    else at.push(')', 1);
  }
}

function lexClosing(at: LexerState, char: ')' | '`'): void {
  at.endWord();
  const { closer } = at;
  if (closer === char || (closer === 'array' && char === ')')) {
    at.pop(1);
    return;
  }
  at.take(1);
  if (!at.inPattern) return;
  at.setInPattern(false);
  at.expectsCommand = true;
}

function lexWord(at: LexerState): void {
  const couldBeCommand = at.expectsCommand && !at.inWord && !at.expectsTarget;
  const piece = at.match(WORD);
  if (piece === undefined) {
    at.beginWord();
    // A backslash takes the next character with it; a `$` that begins nothing is itself.
    const isBackslash = at.text[at.index] === '\\';
    const continues = isBackslash && at.index + 1 === at.text.length;
    at.take(isBackslash ? 2 : 1, continues ? 'unfinished' : undefined);
    return;
  }
  const follows = at.text[at.index + piece.length];
  const isWhole = !at.inWord && (follows === undefined || /[\s;&|<>()]/.test(follows));
  if (isWhole && lexKeyword(at, piece, couldBeCommand)) return;
  const assigns = couldBeCommand && ASSIGNMENT.test(piece);
  at.beginWord();
  if (assigns) at.assigns = true;
  if (assigns) at.expectsCommand = true;
  at.take(piece.length, couldBeCommand && !assigns ? 'command' : undefined);
}

function lexKeyword(at: LexerState, word: string, couldBeCommand: boolean): boolean {
  if (word === ']]' && at.closer === ']]') {
    at.pop(2, 'keyword');
    at.expectsCommand = false;
    return true;
  }
  const keyword = keywords.get(word);
  // `esac` stands where a pattern could.
  const isEsac = word === 'esac' && at.inPattern;
  if (keyword === undefined || !(couldBeCommand || isEsac)) return false;
  at.wants = undefined;
  if (keyword.opens !== undefined) at.push(keyword.opens, word.length, 'keyword');
  else if (keyword.closes !== undefined && keyword.closes === at.closer) at.pop(word.length, 'keyword');
  else at.take(word.length, 'keyword');
  at.inWord = false;
  at.expectsCommand = keyword.command;
  return true;
}
