import stringWidth from 'string-width';

/** Widths met lately: string-width segments and matches several expressions for each call. */
const known = new Map<string, number>();
const KNOWN_MAX = 4096;

/** The cells that one code point takes by itself: 0 for combining marks and joiners, 2 for wide ones. */
export function cellWidth(char: string): number {
  const code = char.charCodeAt(0);
  if (code < 0x300) return code >= 0x20 && code !== 0xad ? 1 : 0;
  const cached = known.get(char);
  if (cached !== undefined) return cached;
  const width = stringWidth(char);
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(char, width);
  return width;
}

/**
 * How many cells a code point adds to the cell before it when it becomes part of that one although it has a width
 * of its own (what follows a zero-width joiner, a skin tone, the second letter of a flag); undefined when it does
 * not.
 */
export function cellsJoined(before: string, char: string): 0 | 1 | undefined {
  if (char.charCodeAt(0) < 0x2000) return undefined;
  if (before.endsWith('\u200d')) return /^\p{Extended_Pictographic}/u.test(char) ? 0 : undefined;
  if (/^\p{Emoji_Modifier}$/u.test(char)) {
    return /\p{Emoji_Modifier_Base}\ufe0f?$/u.test(before) ? 0 : undefined;
  }
  return /^\p{Regional_Indicator}$/u.test(char) && /^\p{Regional_Indicator}$/u.test(before) ? 1 : undefined;
}
