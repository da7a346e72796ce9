const WORD = /[\p{L}\p{N}\p{M}]/u;
const NOT_SPACE = /\S/u;

/** Emacs: past what is no word, then to the end of a run of letters and digits. */
export function wordEndRight(text: string, index: number): number {
  return skipRight(text, skipRight(text, index, WORD, false), WORD, true);
}

export function wordStartLeft(text: string, index: number): number {
  return skipLeft(text, skipLeft(text, index, WORD, false), WORD, true);
}

/** What Ctrl-W takes in a shell: back over white space, then to the white space before. */
export function argumentStartLeft(text: string, index: number): number {
  return skipLeft(text, skipLeft(text, index, NOT_SPACE, false), NOT_SPACE, true);
}

function skipRight(text: string, from: number, kind: RegExp, wanted: boolean): number {
  let index = from;
  while (index < text.length) {
    const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
    if (kind.test(character) !== wanted) break;
    index += character.length;
  }
  return index;
}

function skipLeft(text: string, from: number, kind: RegExp, wanted: boolean): number {
  let index = from;
  while (index > 0) {
    const low = text.charCodeAt(index - 1);
    const start = low >= 0xdc00 && low <= 0xdfff ? index - 2 : index - 1;
    if (kind.test(text.slice(start, index)) !== wanted) break;
    index = start;
  }
  return index;
}
