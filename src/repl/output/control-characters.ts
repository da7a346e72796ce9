/**
 * The characters that never reach the terminal as they are, in three families, each as the inside of a regular
 * expression's class.
 */

/** C0 without tab and newline, DEL, C1. */
export const CONTROLS = '\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f';

/** C0 without tab, newline, carriage return and backspace; DEL, C1: what a line assembler leaves to be filtered. */
export const CONTROLS_BUT_LINE_EDITS = '\\x00-\\x07\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f';

/**
 * What makes text read as something else than it is: bidi marks, embeddings, overrides and isolates, the deprecated
 * format characters beside them, and the Unicode line and paragraph separators (of bidi class B). ZWJ and ZWNJ
 * stay: emoji and several scripts need them. `\udb40` is the first half of the tag characters.
 */
export const MISLEADING = '\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u206f\\udb40';

/** Whether the code point is a tag character, invisible text that copies along. */
export function isTag(codePoint: number): boolean {
  return codePoint >= 0xe0000 && codePoint <= 0xe007f;
}

/** `^A`, `^?`, `<U+202E>`: how a character is shown that must not take effect. */
export function visibleControl(codePoint: number): string {
  if (codePoint < 0x20) return `^${String.fromCharCode(codePoint + 0x40)}`;
  if (codePoint === 0x7f) return '^?';
  return `<U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}>`;
}
