import stringWidth from 'string-width';
import { fitText } from '../repl/output/fit-text.ts';

/** Cells that the last column gets, however narrow the terminal is. */
const NARROWEST = 10;
const GAP = '  ';

/**
 * Rows under headings, a line for each: every column as wide as its widest cell, the last one cut to what is left. Where
 * that is too little, columns are left out.
 *
 * @param columns of the terminal; undefined: none, and nothing is cut or left out
 * @param lessNeeded headings of what may be left out, the first one first
 */
export function textTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  columns?: number,
  lessNeeded: readonly string[] = [],
): string {
  const table = [headings, ...rows];
  const widths = headings
    .slice(0, -1)
    .map((_, column) => Math.max(...table.map((row) => stringWidth(row[column] ?? ''))));
  const before = widths.reduce((sum, width) => sum + width + GAP.length, 0);
  const [dropped, ...kept] = lessNeeded;
  if (dropped !== undefined && columns !== undefined && before + lastWidth(table) > columns) {
    const index = headings.indexOf(dropped);
    const without = table.map((row) => row.toSpliced(index, 1));
    return textTable(without[0] ?? [], without.slice(1), columns, kept);
  }
  const line = (row: readonly string[]) => {
    const cells = widths.map((width, column) => padded(row[column] ?? '', width));
    const last = row[widths.length] ?? '';
    const fitting = columns === undefined ? last : fitText(last, Math.max(NARROWEST, columns - before));
    return `${[...cells, fitting].join(GAP).trimEnd()}\n`;
  };
  return table.map(line).join('');
}

/** Of the last column, as far as it has to be seen. */
function lastWidth(table: readonly (readonly string[])[]): number {
  return Math.min(NARROWEST, Math.max(...table.map((row) => stringWidth(row.at(-1) ?? ''))));
}

const padded = (text: string, width: number) => text + ' '.repeat(width - stringWidth(text));
