import stringWidth from 'string-width';

const segmenter = new Intl.Segmenter();
/** Code units per cell that are still taken for text: marks piled up without end have no width to stop at. */
const UNITS_PER_CELL = 16;

/**
 * The text in at most that many cells, its end replaced by `…` when it is longer.
 *
 * Reads no further than the cut, so that a command of a megabyte costs what its first row costs.
 *
 * @param text one line without colours, as `sanitiseText` gives it.
 * @param cells the width, 0 or more.
 */
export function fitText(text: string, cells: number): string {
  if (cells <= 0) return '';
  let head = '';
  let shown = '';
  let width = 0;
  const window = text.slice(0, (cells + 1) * UNITS_PER_CELL).toWellFormed();
  for (const { segment } of segmenter.segment(window)) {
    width += stringWidth(segment);
    if (width > cells) return `${head}…`;
    shown += segment;
    if (width < cells) head = shown;
  }
  return window.length === text.length ? text : `${head}…`;
}

/** The same with the start cut: for a line that is still growing, whose end is what counts. */
export function fitTextEnd(text: string, cells: number): string {
  if (cells <= 0) return '';
  const window = text.slice(-(cells + 1) * UNITS_PER_CELL).toWellFormed();
  const segments = Array.from(segmenter.segment(window), ({ segment }) => segment);
  let tail = '';
  let shown = '';
  let width = 0;
  for (const segment of segments.toReversed()) {
    width += stringWidth(segment);
    if (width > cells) return `…${tail}`;
    shown = segment + shown;
    if (width < cells) tail = shown;
  }
  return window.length === text.length ? text : `…${tail}`;
}
