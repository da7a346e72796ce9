import type { QuoteMode } from './quote-name.ts';

/** The words of a simple command up to the cursor, as a completion function of bash finds them. */
export interface CommandWords {
  /** `COMP_WORDS`: with their quotes, the last one is at the cursor. */
  readonly words: readonly string[];
  /** What a function gets as `$2`: the word at the cursor, without a quote that is still open before it. */
  readonly current: string;
  /** The same without any quoting. */
  readonly base: string;
  /** UTF-16 index of `current` in the text. */
  readonly from: number;
  /** The quotes that are open there. */
  readonly mode: QuoteMode;
}

/** bash cuts words there, as `COMP_WORDBREAKS` says unless somebody changes it. */
const BREAKS = '@><=;|&(:';

/**
 * Cuts a simple command as bash does for a completion function: at blanks and around the characters of `COMP_WORDBREAKS`,
 * of which a run is a word of its own. `--name=val` is three words, of which `val` is at the cursor.
 *
 * @param text from the command's name to the cursor
 * @returns undefined where no completion function would know what to do: a quote opens within the last word
 */
export function commandWords(text: string): CommandWords | undefined {
  const words: string[] = [];
  let index = 0;
  let from = 0;
  while (index < text.length) {
    if (/\s/.test(text.charAt(index))) {
      index += 1;
      continue;
    }
    from = index;
    if (BREAKS.includes(text.charAt(index))) {
      while (index < text.length && BREAKS.includes(text.charAt(index))) index += 1;
    } else {
      while (index < text.length && !/\s/.test(text.charAt(index)) && !BREAKS.includes(text.charAt(index))) {
        index = behindPiece(text, index);
      }
    }
    words.push(text.slice(from, index));
  }
  const last = words.at(-1) ?? '';
  if (last === '' || from + last.length < text.length) return at([...words, ''], '', text.length);
  // What is at the cursor is empty there, though bash counts the `=` before it as the word.
  return BREAKS.includes(last.charAt(0)) ? at(words, '', text.length) : at(words, last, from);
}

function at(words: readonly string[], word: string, from: number): CommandWords | undefined {
  const mode: QuoteMode = word.startsWith("'") ? 'single' : word.startsWith('"') ? 'double' : 'bare';
  const whole = unquoted(word);
  if (whole !== undefined) return { words, current: word, base: whole, from, mode: 'bare' };
  const closed = mode === 'bare' ? undefined : unquoted(word + (mode === 'single' ? "'" : '"'));
  if (closed === undefined || behindPiece(word, 0) < word.length) return undefined;
  return { words, current: word.slice(1), base: closed, from: from + 1, mode };
}

/** A word without its quoting. @returns undefined while a quote is open */
export function unquoted(word: string): string | undefined {
  let text = '';
  for (const [piece, escaped, single, double] of word.matchAll(
    /\\([\s\S]?)|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|[\s\S]/g,
  )) {
    if (piece === "'" || piece === '"') return undefined;
    text += escaped ?? single ?? double?.replace(/\\([$`"\\])/g, '$1') ?? piece;
  }
  return text;
}

const CLOSERS: Record<string, string> = { '(': ')', '{': '}' };

/** The index behind a character, or behind the quotes or the `$(…)` that it opens, however deep those are nested. */
function behindPiece(text: string, start: number): number {
  const closers: string[] = [];
  let index = start;
  do {
    const char = text.charAt(index);
    const isDouble = closers.at(-1) === '"';
    const closer = char === '$' ? CLOSERS[text.charAt(index + 1)] : undefined;
    if (char === closers.at(-1)) {
      closers.pop();
      index += 1;
    } else if (char === '`' || (char === "'" && !isDouble)) index = behindNext(text, index + 1, char);
    else if (closer !== undefined) {
      closers.push(closer);
      index += 2;
    } else {
      if (char === '"') closers.push(char);
      index += char === '\\' ? 2 : 1;
    }
  } while (closers.length > 0 && index < text.length);
  return Math.min(text.length, index);
}

function behindNext(text: string, index: number, closer: string): number {
  const end = text.indexOf(closer, index);
  return end < 0 ? text.length : end + 1;
}
