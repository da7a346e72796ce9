import { columnAt, isAscii, shownCluster, walkCells } from './cells.ts';
import { borderFrom } from './graphemes.ts';
import type { Span, SpanKind } from './highlight/lexer-state.ts';

/** A row's part of the text: UTF-16 indexes, the line feed that ends the logical line left out. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts a logical line into rows, anywhere between two graphemes (a shell line is no prose, and every cell of a
 * narrow screen counts). Linear in the line: see walkCells.
 *
 * @param capacities cells of the line's first row and of every further one, at least 1 each.
 * @param cursor when it stands at the line's end and the last row is full, it gets a row of its own.
 */
export function lineRows(
  text: string,
  start: number,
  end: number,
  capacities: readonly [first: number, further: number],
  cursor: number,
): RowRange[] {
  if (isAscii(text, start, end)) return asciiRows(start, end, capacities, cursor);
  const rows: RowRange[] = [];
  let rowStart = start;
  let used = 0;
  let capacity = capacities[0];
  walkCells(text, start, end, (index, _end, width) => {
    const cells = Math.min(width, capacity);
    if (used + cells > capacity && index > rowStart) {
      rows.push({ start: rowStart, end: index });
      rowStart = index;
      used = 0;
      capacity = capacities[1];
    }
    used += Math.min(width, capacity);
    return true;
  });
  rows.push({ start: rowStart, end });
  if (cursor === end && used >= capacity && end > start) rows.push({ start: end, end });
  return rows;
}

function asciiRows(
  start: number,
  end: number,
  [first, further]: readonly [number, number],
  cursor: number,
): RowRange[] {
  const rows: RowRange[] = [{ start, end: Math.min(end, start + first) }];
  let from = start + first;
  for (; from < end; from += further) rows.push({ start: from, end: Math.min(end, from + further) });
  if (from === end && cursor === end) rows.push({ start: end, end });
  return rows;
}

/** A part of a row that looks the same. */
export interface Piece {
  readonly text: string;
  readonly kind: SpanKind | undefined;
}

/**
 * What a row shows, and the cells before the cursor.
 *
 * @param lineStart start of the logical line, or of its part, from which tabs count.
 * @param capacity cells; a grapheme wider than a whole row is shown as `…`.
 * @param spans in order; what lies in none of them has no kind.
 */
export function showRow(
  text: string,
  lineStart: number,
  row: RowRange,
  capacity: number,
  cursor: number,
  spans: readonly Span[],
): { pieces: readonly Piece[]; cursorCells: number } {
  const pieces: Piece[] = [];
  let cells = 0;
  let cursorCells = 0;
  let column = text.slice(row.start, row.end).includes('\t') ? columnAt(text, lineStart, row.start) : 0;
  for (const { start, end, kind } of cutBySpans(text, row, spans)) {
    if (isAscii(text, start, end)) {
      pieces.push({ text: text.slice(start, end), kind });
      if (start < cursor) cursorCells = cells + Math.min(cursor, end) - start;
      cells += end - start;
      column += end - start;
      continue;
    }
    let shown = '';
    walkCells(
      text,
      start,
      end,
      (from, to, width, at) => {
        shown += fitted(shownCluster(text.slice(from, to), at), width, capacity);
        cells += Math.min(width, capacity);
        column = at + width;
        if (to <= cursor) cursorCells = cells;
        return true;
      },
      column,
    );
    pieces.push({ text: shown, kind });
  }
  return { pieces, cursorCells };
}

/** The row in parts of one kind each. A border of a span inside a grapheme moves behind it. */
function cutBySpans(text: string, row: RowRange, spans: readonly Span[]): (RowRange & Pick<Piece, 'kind'>)[] {
  const parts: (RowRange & Pick<Piece, 'kind'>)[] = [];
  let from = row.start;
  const add = (to: number, kind: SpanKind | undefined) => {
    if (to > from) parts.push({ start: from, end: to, kind });
    from = Math.max(from, to);
  };
  for (const { start, end, kind } of spans) {
    if (end <= row.start) continue;
    if (start >= row.end) break;
    add(borderFrom(text, Math.min(start, row.end)), undefined);
    add(borderFrom(text, Math.min(end, row.end)), kind);
  }
  add(row.end, undefined);
  return parts;
}

/** Escapes and tabs are plain ASCII and may be cut; a wide character is whole or not there. */
function fitted(shown: string, width: number, capacity: number): string {
  if (width <= capacity) return shown;
  return isAscii(shown, 0, shown.length) ? shown.slice(0, capacity) : '…';
}
