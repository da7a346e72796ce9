import { columnAt, indexAtColumn } from './cells.ts';
import type { EditBuffer } from './edit-buffer.ts';

/** Index of the start of the logical line that holds `index`. */
export function lineStart(text: string, index: number): number {
  return index <= 0 ? 0 : text.lastIndexOf('\n', index - 1) + 1;
}

/** Index of the end of the logical line that holds `index`, before its line feed. */
export function lineEnd(text: string, index: number): number {
  const feed = text.indexOf('\n', index);
  return feed === -1 ? text.length : feed;
}

/** The cursor's column in cells: the goal that moving up and down keeps through shorter lines. */
export function cursorColumn(buffer: EditBuffer): number {
  return columnAt(buffer.text, lineStart(buffer.text, buffer.cursor), buffer.cursor);
}

/** Where the cursor lands in the line above, at a column in cells; undefined in the first line. */
export function indexAbove(buffer: EditBuffer, goalColumn: () => number): number | undefined {
  const start = lineStart(buffer.text, buffer.cursor);
  if (start === 0) return undefined;
  return indexAtColumn(buffer.text, lineStart(buffer.text, start - 1), start - 1, goalColumn());
}

/** Where the cursor lands in the line below; undefined in the last line. */
export function indexBelow(buffer: EditBuffer, goalColumn: () => number): number | undefined {
  const end = lineEnd(buffer.text, buffer.cursor);
  if (end === buffer.text.length) return undefined;
  return indexAtColumn(buffer.text, end + 1, lineEnd(buffer.text, end + 1), goalColumn());
}
