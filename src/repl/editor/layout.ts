import stringWidth from 'string-width';
import type { EditBuffer } from './edit-buffer.ts';
import type { Span } from './highlight/lexer-state.ts';
import { type Capacities, type LinePart, linePartAt, partAfter, partBefore } from './line-parts.ts';
import { lineRows, type Piece, type RowRange, showRow } from './line-rows.ts';

export interface LayoutOptions {
  /** Cells of a row, prefix and the cursor's cell included. */
  readonly width: number;
  /** Rows at most, at least 1: a long entry must not grow beyond the frame. */
  readonly maxRows: number;
  /** Before the first row. Plain text: the view styles it. */
  readonly prompt: string;
  /** Before every other row, wrapped or a line of its own. */
  readonly continuation: string;
  /** In its place in the first and the last row of a window that does not show all. As wide as `continuation`. */
  readonly more: { readonly above: string; readonly below: string };
}

interface LayoutRow {
  readonly prefix: string;
  /** Safe to print: no control character, nothing invisible. Cut where the look changes. */
  readonly pieces: readonly Piece[];
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
  /** Whether rows of the entry lie above or below the window. */
  readonly above: boolean;
  readonly below: boolean;
}

/** A narrower screen than this shows no prefixes: the text needs the cells. */
const LEAST_TEXT_CELLS = 4;

/**
 * Wraps the entry and cuts the window of rows around the cursor. Only what the window needs is laid out, by lines or
 * by parts of very long lines, so the cost does not follow the size of the text.
 *
 * @param spans what is what in the text, in order.
 */
export function layOut(
  buffer: EditBuffer,
  options: LayoutOptions,
  spans: readonly Span[] = [],
): EditorLayout {
  const wrap = prepare(options);
  const { rows, cursorRow } = windowAround(buffer, wrap, Math.max(1, options.maxRows));
  const above = (rows[0]?.start ?? 0) > 0;
  const below = (rows.at(-1)?.end ?? 0) < buffer.text.length;
  const shown = rows.map((row, index) => {
    const prefix = prefixOf(index, rows.length, { above, below }, wrap);
    const capacity = wrap.width - stringWidth(prefix);
    const shown = showRow(buffer.text, row.part, row, capacity, buffer.cursor, spans);
    return { prefix, ...shown, start: row.start, end: row.end };
  });
  const current = shown[cursorRow];
  return {
    rows: shown.map(({ prefix, pieces, start, end }) => ({ prefix, pieces, start, end })),
    cursorRow,
    cursorColumn: stringWidth(current?.prefix ?? '') + (current?.cursorCells ?? 0),
    above,
    below,
  };
}

interface Wrap {
  readonly width: number;
  readonly prompt: string;
  readonly continuation: string;
  readonly more: LayoutOptions['more'];
  readonly capacities: Capacities;
}

function prepare({ width, prompt, continuation, more }: LayoutOptions): Wrap {
  const cells = Math.max(1, width);
  const prefixes = [stringWidth(prompt), stringWidth(continuation)] as const;
  const fits = Math.max(...prefixes) + LEAST_TEXT_CELLS <= cells;
  if (!fits) {
    const none = { prompt: '', continuation: '', more: { above: '', below: '' } };
    return { width: cells, ...none, capacities: [cells, cells] };
  }
  return { width: cells, prompt, continuation, more, capacities: [cells - prefixes[0], cells - prefixes[1]] };
}

/** The prompt never gives way: on a screen of one row it is what tells where one types. */
function prefixOf(
  index: number,
  count: number,
  hidden: { readonly above: boolean; readonly below: boolean },
  { prompt, continuation, more }: Wrap,
): string {
  if (index === 0 && !hidden.above) return prompt;
  if (index === 0) return more.above;
  return index === count - 1 && hidden.below ? more.below : continuation;
}

/** A row with the start of its line, or of its part of a long line: tabs count from there. */
interface WindowRow extends RowRange {
  readonly part: number;
}

function windowAround(
  buffer: EditBuffer,
  wrap: Wrap,
  maxRows: number,
): { rows: readonly WindowRow[]; cursorRow: number } {
  const { text, cursor } = buffer;
  const { capacities } = wrap;
  const current = linePartAt(text, cursor, capacities);
  const own = rowsOfPart(buffer, wrap, current);
  const at = own.findLastIndex((row) => row.start <= cursor);
  const wanted = maxRows - 1;

  let above = own.slice(Math.max(0, at - wanted), at);
  let before = partBefore(text, current, capacities);
  while (above.length < wanted && before !== undefined) {
    above = [...rowsOfPart(buffer, wrap, before), ...above].slice(-wanted);
    before = partBefore(text, before, capacities);
  }
  const below = own.slice(at + 1, at + 1 + wanted);
  let after = partAfter(text, current, capacities);
  while (below.length < wanted && after !== undefined) {
    below.push(...rowsOfPart(buffer, wrap, after).slice(0, wanted - below.length));
    after = partAfter(text, after, capacities);
  }

  const takenAbove = Math.min(above.length, Math.max(Math.floor(wanted / 2), wanted - below.length));
  const rows = [
    ...above.slice(above.length - takenAbove),
    ...own.slice(at, at + 1),
    ...below.slice(0, wanted - takenAbove),
  ];
  return { rows, cursorRow: takenAbove };
}

function rowsOfPart({ text, cursor }: EditBuffer, { capacities }: Wrap, part: LinePart): WindowRow[] {
  const [first, further] = capacities;
  // At the end of a part that another one follows, the cursor stands at the start of that one.
  const cursorHere = part.last ? cursor : -1;
  const ranges = lineRows(
    text,
    part.start,
    part.end,
    [part.start === 0 ? first : further, further],
    cursorHere,
  );
  return ranges.map((range) => ({ ...range, part: part.start }));
}
