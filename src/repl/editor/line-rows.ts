import { columnAt, isAscii, shownCluster, walkCells } from './cells.ts';

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

/**
 * What a row shows, and the cells before the cursor.
 *
 * @param lineStart start of the logical line, or of its part, from which tabs count.
 * @param capacity cells; a grapheme wider than a whole row is shown as `…`.
 */
export function showRow(
  text: string,
  lineStart: number,
  row: RowRange,
  capacity: number,
  cursor: number,
): { shown: string; cursorCells: number } {
  const source = text.slice(row.start, row.end);
  if (isAscii(source, 0, source.length)) {
    return { shown: source, cursorCells: Math.max(0, Math.min(cursor, row.end) - row.start) };
  }
  const startColumn = source.includes('\t') ? columnAt(text, lineStart, row.start) : 0;
  let shown = '';
  let cells = 0;
  let cursorCells = 0;
  walkCells(
    text,
    row.start,
    row.end,
    (start, end, width, column) => {
      shown += fitted(shownCluster(text.slice(start, end), column), width, capacity);
      cells += Math.min(width, capacity);
      if (end <= cursor) cursorCells = cells;
      return true;
    },
    startColumn,
  );
  return { shown, cursorCells };
}

/** Escapes and tabs are plain ASCII and may be cut; a wide character is whole or not there. */
function fitted(shown: string, width: number, capacity: number): string {
  if (width <= capacity) return shown;
  return isAscii(shown, 0, shown.length) ? shown.slice(0, capacity) : '…';
}
