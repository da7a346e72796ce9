/** Something that may stand in the place of a word. */
export interface Candidate {
  /** As it is called, without any quoting. What is no UTF-8 in it is U+FFFD. From outside: not safe to print. */
  readonly name: string;
  readonly kind: CandidateKind;
  /** How bash is to be told of a name that is no UTF-8: `$'a\377'`. */
  readonly inBash?: string;
  /** It is put in as it is: who told it has quoted it where that has to be. */
  readonly literal?: boolean;
  /** What is put behind it; unset: what belongs there. */
  readonly ending?: 'space' | 'none';
}

export type CandidateKind =
  | 'directory'
  | 'file'
  | 'command'
  | 'builtin'
  | 'keyword'
  | 'function'
  | 'alias'
  | 'variable'
  | 'user'
  /** A word of a `:command`, or what a completion function of bash told. */
  | 'word';

/** What all of them begin with; empty when that is nothing, or no whole characters. */
export function commonPrefix(candidates: readonly Candidate[]): string {
  const [first, ...rest] = candidates;
  if (first === undefined) return '';
  let length = first.name.length;
  for (const { name } of rest) {
    let index = 0;
    while (index < length && name[index] === first.name[index]) index += 1;
    length = index;
  }
  const broken = first.name.indexOf('\ufffd');
  const prefix = first.name.slice(0, broken < 0 ? length : Math.min(length, broken));
  const last = prefix.charCodeAt(prefix.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? prefix.slice(0, -1) : prefix;
}
