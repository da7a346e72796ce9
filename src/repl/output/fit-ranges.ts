import stringWidth from 'string-width';
import { fitText } from './fit-text.ts';

/** A part of a row, of which some are to catch the eye. */
export interface Piece {
  readonly text: string;
  readonly marked: boolean;
}

/** Of the cells, those that stay before the first range when the text's beginning has to be cut. */
const LEAD = 1 / 3;

/**
 * A text in at most that many cells, in pieces: those in a range are marked. When the first range would not be seen, the
 * beginning is cut as well.
 *
 * @param text one line, as `sanitiseText` gives it
 * @param ranges UTF-16 indexes, in order, apart from each other
 */
export function fitRanges(
  text: string,
  ranges: readonly { readonly start: number; readonly end: number }[],
  cells: number,
): Piece[] {
  const from = firstShown(text, ranges[0], cells);
  const pieces: Piece[] = from > 0 ? [{ text: '…', marked: false }] : [];
  let left = cells - pieces.length;
  let index = from;
  const add = (end: number, marked: boolean) => {
    if (end <= index || left <= 0) return;
    const whole = text.slice(index, end);
    const rest = end < text.length;
    // The cell of the … is kept for what follows.
    const shown = fitText(rest ? `${whole}x` : whole, left);
    const fits = rest ? shown === `${whole}x` : shown === whole;
    pieces.push({ text: fits ? whole : shown, marked });
    left = fits ? left - stringWidth(whole) : 0;
    index = end;
  };
  for (const { start, end } of ranges) {
    add(start, false);
    add(end, true);
  }
  add(text.length, false);
  return pieces;
}

function firstShown(
  text: string,
  first: { readonly start: number; readonly end: number } | undefined,
  cells: number,
) {
  if (first === undefined || stringWidth(text.slice(0, first.end)) < cells) return 0;
  const lead = Math.floor(cells * LEAD);
  let from = first.start;
  for (let width = 0; from > 0 && width < lead; width += 1) from -= 1;
  // Not between the halves of a pair.
  const unit = text.charCodeAt(from);
  return unit >= 0xdc00 && unit <= 0xdfff ? from + 1 : from;
}
