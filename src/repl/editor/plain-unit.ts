/**
 * Cells taken by a UTF-16 unit that is a grapheme by itself whatever plain unit stands beside it; 0 for every
 * other unit (marks, surrogates, joiners, emoji, control characters), which must go through the segmenter.
 *
 * Segmenting costs about 100 ns per character and a width look-up as much again; with these ranges (ASCII, Latin,
 * Greek, Cyrillic, kana, ideographs, Hangul syllables) most real text needs neither. The ranges leave out the
 * combining marks and the variation-sensitive signs (U+00A9, U+00AE) that lie between them.
 */
export function plainWidth(unit: number): 0 | 1 | 2 {
  if (unit < 0x7f) return unit >= 0x20 ? 1 : 0;
  if (unit < 0x250) return unit > 0xa0 && unit !== 0xa9 && unit !== 0xad && unit !== 0xae ? 1 : 0;
  if (unit < 0x530) return (unit >= 0x391 && unit <= 0x3ff) || (unit >= 0x400 && unit <= 0x481) ? 1 : 0;
  if (unit < 0x3400) {
    return (unit >= 0x3041 && unit <= 0x3096) || (unit >= 0x30a1 && unit <= 0x30fa) ? 2 : 0;
  }
  return (unit >= 0x3400 && unit <= 0x4dbf) ||
    (unit >= 0x4e00 && unit <= 0x9fff) ||
    (unit >= 0xac00 && unit <= 0xd7a3)
    ? 2
    : 0;
}

/** Whether a grapheme surely ends before `index`: both neighbours are plain or C0 control characters. */
export function surelyBorder(text: string, index: number): boolean {
  return standsAlone(text.charCodeAt(index - 1)) && standsAlone(text.charCodeAt(index));
}

/** CR is left out: CR LF is one grapheme. (The editor's text has no CR, but this must hold for any text.) */
function standsAlone(unit: number): boolean {
  return (unit < 0x20 && unit !== 0x0d) || plainWidth(unit) > 0;
}
