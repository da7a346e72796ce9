import { cellWidth } from './cell-width.ts';

const TAB_STOP = 8;
const RESET = '\x1b[0m';

/**
 * Whole lines, each in at most that many cells: what is longer is cut and ends in `…`. No character is cut; one of several
 * code points may be counted as wider than it is drawn, never as narrower.
 *
 * @param lines with colours, as a line assembler gives them
 */
export function cutLines(lines: string, cells: number): string {
  return lines
    .split('\n')
    .map((line) => cutLine(line, cells))
    .join('\n');
}

function cutLine(line: string, cells: number): string {
  // The widest of the rest takes two cells.
  if (line.length * 2 <= cells && !line.includes('\t')) return line;
  const sequence = /\x1b\[[\d;:]*m/y;
  let width = 0;
  /** Where to cut: behind the last character that leaves a cell for the `…`. */
  let cut = 0;
  let styled = false;
  for (let at = 0; at < line.length; ) {
    sequence.lastIndex = at;
    if (line.charCodeAt(at) === 0x1b && sequence.test(line)) {
      at = sequence.lastIndex;
      styled = true;
      continue;
    }
    const char = String.fromCodePoint(line.codePointAt(at) ?? 0);
    width += char === '\t' ? TAB_STOP - (width % TAB_STOP) : cellWidth(char);
    at += char.length;
    if (width > cells) return `${line.slice(0, cut)}…${styled ? RESET : ''}`;
    if (width < cells) cut = at;
  }
  return line;
}
