import stringWidth from 'string-width';
import type { EditBuffer } from './edit-buffer.ts';
import { lineRows, type RowRange, showRow } from './line-rows.ts';
import { lineEnd, lineStart } from './lines.ts';

export interface LayoutOptions {
  /** Cells of a row, prefix and the cursor's cell included. */
  readonly width: number;
  /** Rows at most, at least 1: a long entry must not grow beyond the frame. */
  readonly maxRows: number;
  /** Before the first row. Plain text: the view styles it. */
  readonly prompt: string;
  /** Before every other row, wrapped or a line of its own. */
  readonly continuation: string;
}

interface LayoutRow {
  readonly prefix: string;
  /** Safe to print: no control character, nothing invisible. */
  readonly text: string;
  /** The part of the buffer's text that the row shows, as UTF-16 indexes. */
  readonly start: number;
  readonly end: number;
}

export interface EditorLayout {
  readonly rows: readonly LayoutRow[];
  /** Index into `rows`. */
  readonly cursorRow: number;
  /** Cells from the left edge, the prefix included. */
  readonly cursorColumn: number;
  /** Whether rows of the entry lie above or below the window, and how many line feeds lie there. */
  readonly above: Hidden;
  readonly below: Hidden;
}

interface Hidden {
  readonly any: boolean;
  readonly lines: number;
}

/** A narrower screen than this shows no prefixes: the text needs the cells. */
const LEAST_TEXT_CELLS = 4;

/**
 * Wraps the entry and cuts the window of rows around the cursor. Only the cursor's logical line and the lines of the
 * window are laid out, so the cost follows the longest of these lines, not the text.
 */
export function layOut(buffer: EditBuffer, options: LayoutOptions): EditorLayout {
  const wrap = prepare(options);
  const { rows, cursorRow } = windowAround(buffer, wrap, Math.max(1, options.maxRows));
  const shown = rows.map((row) => {
    const prefix = row.start === 0 && row.first ? wrap.prompt : wrap.continuation;
    const capacity = wrap.width - stringWidth(prefix);
    const { shown: text, cursorCells } = showRow(buffer.text, row.line, row, capacity, buffer.cursor);
    return { prefix, text, start: row.start, end: row.end, cursorCells };
  });
  const current = shown[cursorRow];
  const firstStart = rows[0]?.start ?? 0;
  const lastEnd = rows.at(-1)?.end ?? 0;
  return {
    rows: shown.map(({ prefix, text, start, end }) => ({ prefix, text, start, end })),
    cursorRow,
    cursorColumn: stringWidth(current?.prefix ?? '') + (current?.cursorCells ?? 0),
    above: { any: firstStart > 0, lines: countFeeds(buffer.text, 0, firstStart) },
    below: {
      any: lastEnd < buffer.text.length,
      lines: countFeeds(buffer.text, lastEnd, buffer.text.length),
    },
  };
}

interface Wrap {
  readonly width: number;
  readonly prompt: string;
  readonly continuation: string;
}

function prepare({ width, prompt, continuation }: LayoutOptions): Wrap {
  const cells = Math.max(1, width);
  const fits = Math.max(stringWidth(prompt), stringWidth(continuation)) + LEAST_TEXT_CELLS <= cells;
  return { width: cells, prompt: fits ? prompt : '', continuation: fits ? continuation : '' };
}

/** A row with the start of its logical line; `first` in the row that begins it. */
interface WindowRow extends RowRange {
  readonly line: number;
  readonly first: boolean;
}

function windowAround(
  buffer: EditBuffer,
  wrap: Wrap,
  maxRows: number,
): { rows: readonly WindowRow[]; cursorRow: number } {
  const { text, cursor } = buffer;
  const own = rowsOfLine(buffer, wrap, lineStart(text, cursor));
  const at = own.findLastIndex((row) => row.start <= cursor);
  const wanted = maxRows - 1;

  let above = own.slice(Math.max(0, at - wanted), at);
  let first = lineStart(text, cursor);
  while (above.length < wanted && first > 0) {
    first = lineStart(text, first - 1);
    above = [...rowsOfLine(buffer, wrap, first), ...above].slice(-wanted);
  }
  const below = own.slice(at + 1, at + 1 + wanted);
  let end = lineEnd(text, cursor);
  while (below.length < wanted && end < text.length) {
    below.push(...rowsOfLine(buffer, wrap, end + 1).slice(0, wanted - below.length));
    end = lineEnd(text, end + 1);
  }

  const takenAbove = Math.min(above.length, Math.max(Math.floor(wanted / 2), wanted - below.length));
  const current = own.slice(at, at + 1);
  const rows = [
    ...above.slice(above.length - takenAbove),
    ...current,
    ...below.slice(0, wanted - takenAbove),
  ];
  return { rows, cursorRow: takenAbove };
}

function rowsOfLine({ text, cursor }: EditBuffer, wrap: Wrap, line: number): WindowRow[] {
  const further = wrap.width - stringWidth(wrap.continuation);
  const first = line === 0 ? wrap.width - stringWidth(wrap.prompt) : further;
  const ranges = lineRows(text, line, lineEnd(text, line), [first, further], cursor);
  return ranges.map((range, index) => ({ ...range, line, first: index === 0 }));
}

function countFeeds(text: string, start: number, end: number): number {
  let count = 0;
  for (let index = start; index < end; index += 1) {
    if (text.charCodeAt(index) === 0x0a) count += 1;
  }
  return count;
}
