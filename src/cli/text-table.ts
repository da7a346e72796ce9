import stringWidth from 'string-width';
import { fitText } from '../repl/output/fit-text.ts';

/** Cells that the last column gets, however narrow the terminal is. */
const NARROWEST = 10;
const GAP = '  ';

/**
 * Rows under headings, a line for each: every column as wide as its widest cell, the last one cut to what is left.
 *
 * @param columns of the terminal; undefined: none, and nothing is cut
 */
export function textTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  columns?: number,
): string {
  const table = [headings, ...rows];
  const widths = headings
    .slice(0, -1)
    .map((_, column) => Math.max(...table.map((row) => stringWidth(row[column] ?? ''))));
  const before = widths.reduce((sum, width) => sum + width + GAP.length, 0);
  const line = (row: readonly string[]) => {
    const cells = widths.map((width, column) => padded(row[column] ?? '', width));
    const last = row[widths.length] ?? '';
    const fitting = columns === undefined ? last : fitText(last, Math.max(NARROWEST, columns - before));
    return `${[...cells, fitting].join(GAP).trimEnd()}\n`;
  };
  return table.map(line).join('');
}

const padded = (text: string, width: number) => text + ' '.repeat(width - stringWidth(text));
