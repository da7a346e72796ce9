import fc from 'fast-check';

/** Pieces whose neighbours change what is one character: marks, joiners, flags, jamo, tags, controls. */
// biome-ignore format: a table
const pieces = [
  'a', 'B', '7', ' ', '\n', '\t', '-', '_', '"', 'é', 'e\u0301', '\u0301', '語', 'か\u3099', '\u3099', '가', 'ᄀ', 'ᅡ', 'ᆨ',
  '🇩', '🇪', '🇩🇪', '👍', '🏽', '👨‍👩‍👧', '\u200d', '\u200c', '\ufe0f', '1\ufe0f\u20e3', 'क्ष', '\u094d', 'ﷺ', '\u0600',
  '\u202e', '\u200b', '\u{E0041}', '🏴\u{E0067}\u{E0062}\u{E007F}', '\u0000', '\u0007', '\u001b', '\u007f', '\u0085', '\ufeff', 'ﾞ',
  '\u0e33', '\ud83d', '\udc4d',
];

export const nastyText: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...pieces), { maxLength: 24 })
  .map((parts) => parts.join(''));

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Every grapheme border, from segmenting the whole text. */
export function allBorders(text: string): number[] {
  return [...[...segmenter.segment(text)].map(({ index }) => index), text.length];
}
