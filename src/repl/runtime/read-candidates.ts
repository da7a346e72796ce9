import type { Candidate, CandidateKind } from '../editor/completion/candidate.ts';
import { KIND_MARKS, MORE_MARK, OWN_PREFIX } from './completion-script.ts';

export interface ReadCandidates {
  readonly candidates: readonly Candidate[];
  /** There are others. */
  readonly more: boolean;
}

/** Reads what the completion script printed. What is told twice is the first: a directory, before the file it is too. */
export function readCandidates(output: string): ReadCandidates {
  const byName = new Map<string, Candidate>();
  let more = false;
  for (const line of output.split('\n')) {
    if (line === MORE_MARK) more = true;
    const kind = KIND_MARKS[line.charAt(0) as keyof typeof KIND_MARKS];
    const inBash = line.slice(1);
    if (kind === undefined || inBash === '') continue;
    const { name, isText } = unquoted(inBash);
    if (name === '' || name === '.' || isOwn(name, kind)) continue;
    const key = isText ? name : inBash;
    if (!byName.has(key)) byName.set(key, isText ? { name, kind } : { name, kind, inBash });
  }
  const candidates = [...byName.values()].sort(byCharacters);
  return { candidates, more };
}

function isOwn(name: string, kind: CandidateKind): boolean {
  return name.startsWith(OWN_PREFIX) && (kind === 'function' || kind === 'command' || kind === 'variable');
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
