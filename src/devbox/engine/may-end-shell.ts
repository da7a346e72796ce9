/** Builtins by which a line can end its bash; `set` for `set -e`, and those that run what does not stand in the line. */
const ENDING = /\b(?:exit|logout|exec|kill|set|eval|source)\b|(?:^|[;&|\s])\.\s/;

/**
 * Whether a command's text looks as if it may end the shell. A function or an alias that does is not seen: this is for
 * what is worth a millisecond beforehand, not for what has to be right.
 */
export function mayEndShell(command: string): boolean {
  return ENDING.test(command);
}
