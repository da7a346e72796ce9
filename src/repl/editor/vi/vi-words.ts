type CharacterClass = 'blank' | 'word' | 'other';

const BLANK = /\s/u;
const WORD = /[\p{L}\p{N}\p{M}_]/u;

/** Where the next word starts: a run of letters, digits and `_`, or one of other signs. `big`: a run without blanks. */
export function nextWordStart(text: string, index: number, big: boolean): number {
  let at = skipClass(text, index, classAt(text, index, big), big);
  if (classAt(text, at, big) === 'blank') at = skipClass(text, at, 'blank', big);
  return at;
}

/** Index behind the end of the word, the next one when the cursor stands on the last character of one. */
export function wordEndAfter(text: string, index: number, big: boolean): number {
  let at = index + lengthAt(text, index);
  if (classAt(text, at, big) === 'blank') at = skipClass(text, at, 'blank', big);
  return skipClass(text, at, classAt(text, at, big), big);
}

/** Index behind the end of the run that the cursor stands on. */
export function runEnd(text: string, index: number, big: boolean): number {
  return skipClass(text, index, classAt(text, index, big), big);
}

export function wordStartBefore(text: string, index: number, big: boolean): number {
  let at = index;
  while (at > 0 && classBefore(text, at, big) === 'blank') at -= lengthBefore(text, at);
  const kind = at > 0 ? classBefore(text, at, big) : undefined;
  while (at > 0 && classBefore(text, at, big) === kind) at -= lengthBefore(text, at);
  return at;
}

function skipClass(text: string, index: number, kind: CharacterClass | undefined, big: boolean): number {
  let at = index;
  while (at < text.length && classAt(text, at, big) === kind) at += lengthAt(text, at);
  return at;
}

function classAt(text: string, index: number, big: boolean): CharacterClass | undefined {
  const codePoint = text.codePointAt(index);
  return codePoint === undefined ? undefined : classOf(String.fromCodePoint(codePoint), big);
}

function classBefore(text: string, index: number, big: boolean): CharacterClass | undefined {
  return classAt(text, index - lengthBefore(text, index), big);
}

function classOf(character: string, big: boolean): CharacterClass {
  if (BLANK.test(character)) return 'blank';
  return big || WORD.test(character) ? 'word' : 'other';
}

function lengthAt(text: string, index: number): number {
  return (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
}

function lengthBefore(text: string, index: number): number {
  const unit = text.charCodeAt(index - 1);
  return unit >= 0xdc00 && unit <= 0xdfff ? 2 : 1;
}
