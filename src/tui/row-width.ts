const NEVER_SHORTER = 39;

/**
 * Cells that a row of the live frame may take. Less than the screen has: a terminal that is made narrower wraps rows
 * that no longer fit, and the wrapped ones stay behind as ghosts when the frame is drawn again.
 */
export function rowWidth(columns: number): number {
  return Math.min(columns - 1, Math.max(NEVER_SHORTER, Math.floor(columns * 0.75)));
}
