import { borderFrom } from './graphemes.ts';
import { lineEnd, lineStart } from './lines.ts';

/** A logical line, or a part of a very long one: what is wrapped into rows for itself. UTF-16 indexes. */
export interface LinePart {
  readonly start: number;
  /** Before the line feed, or where the next part begins. */
  readonly end: number;
  /** Whether the logical line ends with it. */
  readonly last: boolean;
}

/** Cells of the first row of a text's first line, and of every other row. */
export type Capacities = readonly [first: number, further: number];

/**
 * Rows of a part when each UTF-16 unit takes a cell; then the cut is not to be seen. In other text the last row of a
 * part may be short. Shorter lines, which all but machines write, are whole.
 */
const PART_ROWS = 128;

/**
 * The part that holds `index`; the later one on the border between two. Costs the search for the line's ends, some ms
 * in a line of a megabyte.
 */
export function linePartAt(text: string, index: number, capacities: Capacities): LinePart {
  const start = lineStart(text, index);
  const end = lineEnd(text, index);
  const [first, further] = [start === 0 ? capacities[0] : capacities[1], capacities[1]];
  /** Where the part of this number begins. */
  const border = (part: number) => {
    if (part === 0) return start;
    const aim = start + first + (part * PART_ROWS - 1) * further;
    return aim >= end ? end : borderFrom(text, aim);
  };
  let part = Math.max(0, Math.floor((index - start - first + further) / (PART_ROWS * further)));
  while (part > 0 && (border(part) > index || border(part) === end)) part -= 1;
  // A grapheme that is longer than a part leaves no place for some borders.
  while (border(part + 1) <= index && border(part + 1) < end) part += 1;
  const next = border(part + 1);
  return { start: border(part), end: next, last: next === end };
}

export function partBefore(text: string, part: LinePart, capacities: Capacities): LinePart | undefined {
  return part.start === 0 ? undefined : linePartAt(text, part.start - 1, capacities);
}

export function partAfter(text: string, part: LinePart, capacities: Capacities): LinePart | undefined {
  if (!part.last) return linePartAt(text, part.end, capacities);
  return part.end === text.length ? undefined : linePartAt(text, part.end + 1, capacities);
}
