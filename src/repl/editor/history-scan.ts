import { type HistoryQuery, looseSpan, matchesTerms, readQuery } from './history-match.ts';
import { type HistoryScope, isInScope, type PastCommand, type Place } from './past-command.ts';

/** More matches than anybody looks through: with them the scan ends. */
const MOST_MATCHES = 500;
/** Commands looked at in one step: 1 to 3 ms. */
const STEP = 10_000;

/** A search through the history, done in steps so that no key waits for 100,000 commands. An immutable value. */
export interface HistoryScan {
  readonly query: HistoryQuery;
  readonly scope: HistoryScope;
  readonly here: Place;
  /** Each command once, as it was run last; the newest first, or when only its letters match the tightest first. */
  readonly matches: readonly PastCommand[];
  /** The commands before this index are still to be looked at. */
  readonly left: number;
  /** No command holds the terms, so it is enough when their letters are there in their order. */
  readonly loose: boolean;
  readonly done: boolean;
}

export function startScan(
  past: readonly PastCommand[],
  search: { readonly text: string; readonly scope: HistoryScope; readonly here: Place },
): HistoryScan {
  const { text, scope, here } = search;
  const query = readQuery(text);
  return scanOn(past, { query, scope, here, matches: [], left: past.length, loose: false, done: false });
}

/** The next step. `past` is the list that the scan began with, oldest first; it may have grown at its end. */
export function scanOn(past: readonly PastCommand[], scan: HistoryScan): HistoryScan {
  const { query, scope, here, loose } = scan;
  const matches = [...scan.matches];
  const seen = new Set(matches.map(({ command }) => command));
  const end = Math.max(0, scan.left - STEP);
  let left = scan.left;
  while (left > end && matches.length < MOST_MATCHES) {
    left -= 1;
    const one = past[left];
    if (one === undefined || !isInScope(one, scope, here)) continue;
    const fits = loose ? looseSpan(query, one.command) !== undefined : matchesTerms(query, one.command);
    if (!fits || seen.has(one.command)) continue;
    seen.add(one.command);
    matches.push(one);
  }
  const over = left === 0 || matches.length >= MOST_MATCHES;
  if (over && !loose && matches.length === 0 && query.terms.length > 0) {
    return { ...scan, left: past.length, loose: true };
  }
  return { ...scan, matches: over && loose ? tightestFirst(query, matches) : matches, left, done: over };
}

function tightestFirst(query: HistoryQuery, matches: readonly PastCommand[]): readonly PastCommand[] {
  return matches
    .map((match) => ({ match, span: looseSpan(query, match.command) ?? 0 }))
    .sort((a, b) => a.span - b.span)
    .map(({ match }) => match);
}
