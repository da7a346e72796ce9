import type { ExecutionView, OutputStreamName } from '../../api/execution.ts';
import type { Position } from './output-source.ts';

/** Enough to tell two ends of an output apart, and little to keep. */
const COMPARED_CHARACTERS = 32;

/**
 * Whether all came that a completed view speaks of: a connection that ended sooner was cut, however cleanly. The
 * embedded devbox says how many bytes there are; else the view's own text tells, whole or only its last lines.
 */
export function isDrained(view: ExecutionView, stream: OutputStreamName, position: Position): boolean {
  if (view.nsh) return position.next >= view.nsh[`${stream}_bytes`];
  const text = view[stream] ?? '';
  if (!view[`${stream}_truncated`]) return position.next >= Buffer.byteLength(text);
  // Blanks at the end are not compared: whether a view has them is unproven.
  return position.tail.trimEnd().endsWith(text.trimEnd().slice(-COMPARED_CHARACTERS));
}

/** Characters of the text so far that are kept: for `isDrained`, and for a place to go on from. */
export const ENOUGH_TAIL = 2 * COMPARED_CHARACTERS;

export function tailOf(before: string, text: string): string {
  return text.length >= ENOUGH_TAIL ? text.slice(-ENOUGH_TAIL) : (before + text).slice(-ENOUGH_TAIL);
}
