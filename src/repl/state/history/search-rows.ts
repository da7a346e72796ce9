import type { HistoryQuery } from '../../editor/history-match.ts';
import type { HistoryScope, PastCommand } from '../../editor/past-command.ts';
import type { ReplState } from '../state.ts';

/** What the live frame shows of the search, above the prompt. */
export interface SearchRows {
  /** The keys, where there is room for them. */
  readonly hint: string | undefined;
  /** From the top: the newest, or best, is the last, next to the prompt. */
  readonly matches: readonly { readonly past: PastCommand; readonly selected: boolean }[];
  /** In the place of matches, while there are none. */
  readonly message: string | undefined;
  readonly query: HistoryQuery;
  /** Rows name the shell, or devbox and shell, where these differ. */
  readonly scope: HistoryScope;
}

const MOST_ROWS = 8;
const HINT = 'Enter runs · → edits · Tab scope · Esc';
/** With fewer rows the hint's is needed for a match. */
const ROWS_WITH_HINT = 4;

/** @param free rows that the frame may still take */
export function searchRows({ search, past }: ReplState, free: number): SearchRows | undefined {
  if (search === undefined) return undefined;
  const { matches, query, scope, done } = search.scan;
  const hint = free >= ROWS_WITH_HINT ? HINT : undefined;
  const rows = Math.max(0, Math.min(MOST_ROWS, hint === undefined ? free : free - 1));
  const first = Math.max(0, search.selected - rows + 1);
  const shown = matches
    .slice(first, first + rows)
    .map((past, index) => ({ past, selected: first + index === search.selected }))
    .reverse();
  const message =
    shown.length > 0 || rows === 0
      ? undefined
      : done && past.loaded === 'yes'
        ? 'nothing matches'
        : 'searching …';
  return { hint, matches: shown, message, query, scope };
}

const SCOPE_WORDS: Record<HistoryScope, string> = {
  shell: 'this shell',
  devbox: 'this devbox',
  all: 'everywhere',
};

export function searchPrompt(scope: HistoryScope): string {
  return `search ${SCOPE_WORDS[scope]}: `;
}

/** In the place of the status line: which match it is, how and where it was run. */
export function searchStatus({ search, past, now }: ReplState): string {
  if (search === undefined) return '';
  const { matches, done } = search.scan;
  const match = matches[search.selected];
  if (match === undefined) return done && past.loaded === 'yes' ? '0 matches' : 'searching …';
  const { exitStatus, elsewhere, cwd, at } = match;
  return [
    `${search.selected + 1}/${matches.length}${done ? '' : '+'}`,
    ...(exitStatus === undefined ? [] : [`exit ${exitStatus}`]),
    whenText(at, now),
    ...(elsewhere === true ? ['from elsewhere'] : []),
    ...(cwd === undefined ? [] : [cwd]),
  ].join(' · ');
}

/** `14:03` today, `25 Nov 14:03` this year, `25 Nov 2025` before. @param at Unix time, ms */
function whenText(at: number, now: number): string {
  const [then, today] = [new Date(at), new Date(now)];
  const day = `${then.getDate()} ${MONTHS[then.getMonth()]}`;
  if (then.getFullYear() !== today.getFullYear()) return `${day} ${then.getFullYear()}`;
  const time = `${String(then.getHours()).padStart(2, '0')}:${String(then.getMinutes()).padStart(2, '0')}`;
  return then.toDateString() === today.toDateString() ? time : `${day} ${time}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const UNITS = [
  ['y', 365 * 86_400],
  ['w', 7 * 86_400],
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
] as const;

/** `now`, `5m`, `3h`, `2d`, `7w`, `1y`: three cells at most. @param ms milliseconds */
export function ageText(ms: number): string {
  const seconds = ms / 1000;
  const [unit, length] = UNITS.find(([, least]) => seconds >= least) ?? [];
  return unit === undefined ? 'now' : `${Math.min(99, Math.floor(seconds / length))}${unit}`;
}
