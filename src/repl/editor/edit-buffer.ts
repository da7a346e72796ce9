import { borderFrom } from './graphemes.ts';

/**
 * The edited text with its cursor: an immutable value. Made only by the functions here, which keep two invariants:
 * the text is well-formed UTF-16 with line feeds as its only line breaks, and the cursor, a UTF-16 index, stands on
 * a grapheme border.
 */
export interface EditBuffer {
  readonly text: string;
  readonly cursor: number;
}

export const emptyBuffer: EditBuffer = { text: '', cursor: 0 };

/**
 * A buffer over text from outside. CR LF and CR become line feeds, lone surrogates U+FFFD.
 *
 * @param cursor UTF-16 index, moved forward to a border; the end when left out.
 */
export function createBuffer(text: string, cursor = text.length): EditBuffer {
  const clean = cleanText(text);
  return { text: clean, cursor: borderFrom(clean, cursor) };
}

export function moveTo(buffer: EditBuffer, cursor: number): EditBuffer {
  const index = borderFrom(buffer.text, cursor);
  return index === buffer.cursor ? buffer : { text: buffer.text, cursor: index };
}

/** Inserts at the cursor, which then stands behind what was inserted. */
export function insertText(buffer: EditBuffer, text: string): EditBuffer {
  return replaceRange(buffer, buffer.cursor, buffer.cursor, text);
}

/**
 * Puts `text` in the place of a range given by two UTF-16 indexes in either order. The cursor goes behind it, or
 * further when the characters that now touch make one grapheme.
 */
export function replaceRange(buffer: EditBuffer, from: number, to: number, text: string): EditBuffer {
  const start = Math.min(from, to);
  const inserted = cleanText(text);
  const whole = buffer.text.slice(0, start) + inserted + buffer.text.slice(Math.max(from, to));
  return { text: whole, cursor: borderFrom(whole, start + inserted.length) };
}

function cleanText(text: string): string {
  const oneBreak = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  return oneBreak.toWellFormed();
}
