import type { Candidate, CandidateKind } from '../../editor/completion/candidate.ts';
import { KIND_MARKS, MORE_MARK, MOST_CANDIDATES, OWN_PREFIX } from './completion-script.ts';
import { COMPSPEC_END_MARK, COMPSPEC_IN_ORDER_MARK, COMPSPEC_MARK } from './compspec-script.ts';

export interface ReadCandidates extends List {
  /** What a completion function told: whole words, as bash cuts them. */
  readonly replies?: List | undefined;
}

interface List {
  readonly candidates: readonly Candidate[];
  /** There are others. */
  readonly more: boolean;
}

/** Reads what the completion script printed. */
export function readCandidates(output: string): ReadCandidates {
  const lines = output.split('\n');
  const inOrder = lines[0] === COMPSPEC_IN_ORDER_MARK;
  if (lines[0] !== COMPSPEC_MARK && !inOrder) return readLines(lines);
  const end = lines.indexOf(COMPSPEC_END_MARK);
  const replies = readLines(lines.slice(1, end), true).candidates;
  const more = replies.length > MOST_CANDIDATES;
  const candidates = inOrder && !more ? replies : replies.toSorted(byCharacters);
  // Sorted, the first and the last have in common what all have.
  if (more) candidates.splice(MOST_CANDIDATES, replies.length - MOST_CANDIDATES - 1);
  return { ...readLines(lines.slice(end + 1)), replies: { candidates, more } };
}

/** What is told twice is the first: a directory, before the file it is too. */
function readLines(lines: readonly string[], areReplies = false): { candidates: Candidate[]; more: boolean } {
  const byName = new Map<string, Candidate>();
  let more = false;
  for (const line of lines) {
    if (line === MORE_MARK) more = true;
    const mark = line.charAt(0);
    const kind = KIND_MARKS[mark as keyof typeof KIND_MARKS];
    const inBash = line.slice(1);
    if (kind === undefined || inBash === '') continue;
    const { name, isText } = unquoted(inBash);
    if (name === '' || name === '.' || isOwn(name, kind)) continue;
    const key = isText ? name : inBash;
    const candidate: Candidate = isText ? { name, kind } : { name, kind, inBash };
    if (!byName.has(key)) byName.set(key, areReplies ? asReply(candidate, mark) : candidate);
  }
  const candidates = [...byName.values()];
  return { candidates: areReplies ? candidates : candidates.sort(byCharacters), more };
}

/** A blank at the end is what stands behind it. */
function asReply(candidate: Candidate, mark: string): Candidate {
  if (candidate.kind !== 'word') return mark === 'g' ? { ...candidate, ending: 'none' } : candidate;
  const name = candidate.name.trimEnd();
  const spaced = mark === 'w' ? !name.endsWith('=') : name !== candidate.name;
  return { ...candidate, name, literal: true, ending: spaced ? 'space' : 'none' };
}

function isOwn(name: string, kind: CandidateKind): boolean {
  return name.startsWith(OWN_PREFIX) && kind !== 'file' && kind !== 'directory';
}

function byCharacters(a: Candidate, b: Candidate): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

const encoder = new TextEncoder();
const NAMED: Record<string, number> = { a: 7, b: 8, e: 27, E: 27, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** Takes off what `printf %q` put on: backslashes, or `$'…'` with its escapes, which may hold any bytes. */
function unquoted(text: string): { readonly name: string; readonly isText: boolean } {
  const ansi = text.startsWith("$'") && text.endsWith("'");
  if (!ansi) return { name: text.replace(/\\([\s\S])/g, '$1').replace(/^''$/, ''), isText: true };
  const bytes: number[] = [];
  for (const [piece, octal, escaped] of text.slice(2, -1).matchAll(/\\([0-7]{1,3})|\\(.)|[^\\]+/gsu)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else if (escaped !== undefined && NAMED[escaped] !== undefined) bytes.push(NAMED[escaped]);
    else bytes.push(...encoder.encode(escaped ?? piece));
  }
  const raw = Uint8Array.from(bytes);
  try {
    return { name: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw), isText: true };
  } catch {
    return { name: new TextDecoder('utf-8', { ignoreBOM: true }).decode(raw), isText: false };
  }
}
