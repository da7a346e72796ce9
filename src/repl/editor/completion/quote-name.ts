import type { Candidate } from './candidate.ts';

/** In which quotes the cursor stands. */
export type QuoteMode = 'bare' | 'single' | 'double';

const MARKS: Record<QuoteMode, string> = { bare: '', single: "'", double: '"' };

// What has a meaning of its own, is cut at or begins something. Beyond ASCII nothing has one for bash.
const SPECIAL: Record<QuoteMode, RegExp> = {
  bare: /[^\w./+,@%-]/,
  single: /'/,
  double: /[$`"\\]/,
};
const BEYOND_ASCII = /[^\0-\x9f]/;
/** Nobody sees them, the editor takes no carriage return, and a backslash does not protect a line feed. */
const CONTROL = /[\0-\x1f\x7f-\x9f]/;

/**
 * A name as bash reads it within quotes that are open; they stay open.
 *
 * @param mode the quotes that were opened before it
 */
export function quoteName(name: string, mode: QuoteMode): string {
  const mark = MARKS[mode];
  let quoted = '';
  for (const char of name) {
    if (CONTROL.test(char)) quoted += `${mark}$'${octal(char)}'${mark}`;
    else if (BEYOND_ASCII.test(char) || !SPECIAL[mode].test(char)) quoted += char;
    else quoted += mode === 'single' ? `'\\''` : `\\${char}`;
  }
  return quoted;
}

/** The same for what may be no UTF-8. */
export function quoteCandidate({ name, inBash }: Candidate, mode: QuoteMode): string {
  return inBash === undefined ? quoteName(name, mode) : `${MARKS[mode]}${inBash}${MARKS[mode]}`;
}

// Outside of quotes nothing that ends a word, starts a command or is not seen; a variable may stand there.
// No alternative begins as another does: it is linear.
const ONE_WORD =
  /^(?:\\[^\0-\x1f\x7f-\x9f]|'[^'\0-\x1f\x7f-\x9f]*'|"[^"$`\\\0-\x1f\x7f-\x9f]*"|\$\w|\$\{\w+\}|[^\s\\'"$`;&|<>()\0-\x1f\x7f-\x9f])*$/u;

/** Whether bash reads the text as one word in which no command runs. */
export function isOneWord(text: string): boolean {
  return ONE_WORD.test(text);
}

export function closingQuote(mode: QuoteMode): string {
  return MARKS[mode];
}

/** Bytes, because `\u` depends on the locale. Three digits each: a digit of the name may follow. */
function octal(char: string): string {
  return [...new TextEncoder().encode(char)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
