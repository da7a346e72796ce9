import type { PastCommand, Place } from './past-command.ts';

/** Where a command would run now. */
export interface SuggestionPlace extends Place {
  /** undefined: not known. */
  readonly cwd: string | undefined;
}

/** bash's own: it found the program not to be executable, or not at all. What is a slip is not offered again. */
const SLIPS: readonly (number | undefined)[] = [126, 127];

/** Of the newest so many it is chosen, so that no key waits: 1 to 2 ms. */
const MOST_LOOKED_AT = 20_000;

const SAME_SHELL = 8;
const SAME_DEVBOX = 4;
const SAME_CWD = 2;
const SUCCESS = 1;
const BEST = SAME_SHELL + SAME_DEVBOX + SAME_CWD + SUCCESS;

/**
 * The typed command that most likely is being typed again: one that begins with `text`, of this shell rather than of
 * another, then one run in this directory, then one that succeeded; of equal ones the newest.
 *
 * @param past oldest first
 */
export function suggest(
  past: readonly PastCommand[],
  text: string,
  place: SuggestionPlace,
): string | undefined {
  let best: string | undefined;
  let bestRank = -1;
  const end = Math.max(0, past.length - MOST_LOOKED_AT);
  for (let index = past.length - 1; index >= end && bestRank < BEST; index -= 1) {
    const one = past[index];
    if (one === undefined || !one.command.startsWith(text) || one.command.length === text.length) continue;
    if (one.elsewhere === true || SLIPS.includes(one.exitStatus)) continue;
    const rank = rankOf(one, place);
    if (rank <= bestRank) continue;
    best = one.command;
    bestRank = rank;
  }
  return best;
}

function rankOf(past: PastCommand, { devbox, shell, cwd }: SuggestionPlace): number {
  const near = past.devbox === devbox ? SAME_DEVBOX + (past.shell === shell ? SAME_SHELL : 0) : 0;
  const inPlace = cwd !== undefined && past.cwd === cwd ? SAME_CWD : 0;
  // What still runs, or was never told, is no failure.
  return near + inPlace + (past.exitStatus === undefined || past.exitStatus === 0 ? SUCCESS : 0);
}
