import { wrapWords } from './wrap-words.ts';

/** Below so many cells for the right column it goes on lines of its own, under the left one. */
const LEAST_RIGHT = 36;
const INDENT = 2;

/**
 * Rows of a name and its explanation, wrapped between words so that no line is wider than the screen.
 *
 * @param width cells of a line; the text is the REPL's own, one cell a character
 */
export function twoColumns(
  rows: readonly (readonly [left: string, right: string])[],
  width: number,
): string[] {
  const leftWidth = Math.max(...rows.map(([left]) => left.length)) + 2;
  const beside = width - INDENT - leftWidth;
  const stacked = beside < LEAST_RIGHT;
  const from = stacked ? INDENT * 2 : INDENT + leftWidth;
  return rows.flatMap(([left, right]) => {
    const lines = wrapWords(right, Math.max(1, width - from));
    const indented = lines.map((line) => `${' '.repeat(from)}${line}`);
    if (stacked) return [`${' '.repeat(INDENT)}${left}`, ...indented];
    const [first = '', ...more] = lines;
    return [
      `${' '.repeat(INDENT)}${left.padEnd(leftWidth)}${first}`,
      ...more.map((line) => `${' '.repeat(from)}${line}`),
    ];
  });
}
