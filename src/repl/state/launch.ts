import type { Remembered } from './effect.ts';
import { endBlock } from './ended.ts';
import { change, find, findById, numbered } from './entries.ts';
import { type Entry, isOnDevbox } from './entry.ts';
import type { LaunchFailure } from './event.ts';
import type { ExitReport } from './exit-report.ts';
import { holdUnsent } from './hold.ts';
import { completePast } from './past.ts';
import type { ReplState } from './state.ts';
import { andThen, type Step, step } from './step.ts';
import { advance, open } from './turn.ts';

/** Pause before a launch that provably did not leave is tried again, ms. */
const RELAUNCH_AFTER_MS = 2_000;

/**
 * So many own commands are on the devbox at most, the rest waits here. The devbox keeps the output of the last 1,000 of
 * a shell: with more on the way, a slow screen would come too late for the oldest.
 */
const MOST_SENT = 300;

/**
 * Launches leave in the order typed with one on the way at a time: the answer of one is what proves that the next
 * cannot overtake it.
 */
export function launchNext(state: ReplState): Step {
  if (state.hold !== undefined) return step(state);
  const index = state.entries.findIndex((entry) => !isOnDevbox(entry));
  const next = state.entries[index];
  if (next?.phase !== 'unsent' || next.number === state.editing) return step(state);
  if (next.replaces !== undefined && find(state, next.replaces) !== undefined) return step(state);
  if (index >= mostSent(state) && sentFromHere(state, index) >= mostSent(state)) return step(state);
  // The question may be what brings a stopped devbox back.
  if (state.unsure) return step(state, { type: 'refresh' });
  return step(change(state, next.number, { phase: 'launching', sentAt: state.now }), {
    type: 'launch',
    number: next.number,
    command: next.command,
    stdin: next.stdin !== undefined,
    ...(state.settings.merge === 'on' && { merge: true }),
  });
}

/** What waits on the devbox runs whatever happens before it: to stop at an error the lines wait here. */
function mostSent({ settings }: ReplState): number {
  return settings['stop-on-error'] === 'on' ? 1 : MOST_SENT;
}

/** Of the first `sent` entries, which are on the devbox. */
function sentFromHere({ entries }: ReplState, sent: number): number {
  return entries.slice(0, sent).filter(({ origin }) => origin === 'here').length;
}

export function launched(
  state: ReplState,
  number: number,
  executionId: string,
  status: 'queued' | 'running' | 'completed',
  now: number,
): Step {
  const entry = find(state, number);
  if (entry === undefined) return step(state);
  const settled = status === 'queued' ? { phase: 'queued' as const } : running(now);
  const { guess, ...own } = entry;
  const rest = guess === undefined ? state : change(state, number, { guess: undefined });
  const moved =
    guess?.executionId === executionId
      ? change(rest, number, { executionId, placed: true, ...settled, ...asTold(guess) })
      : atItsPlace(guess === undefined ? rest : strangers(rest, number, guess), number, executionId, settled);
  const told = andThen(step(moved), (at) =>
    own.remembered === undefined ? step(at) : remember(at, { ...own.remembered, executionId }),
  );
  return andThen(andThen(told, advance), launchNext);
}

/** Nothing that is told of later can stand before it. */
const running = (now: number) => ({ phase: 'running', startedAt: now, placed: true }) as const;

const asTold = ({ startedAt, ended }: NonNullable<Entry['guess']>): Partial<Entry> => ({
  ...(startedAt === undefined ? {} : { phase: 'running' as const, startedAt }),
  ...(ended && { phase: 'running' as const, draining: true }),
});

/** What looked like this command was another client's, with the same text. */
function strangers(state: ReplState, number: number, guess: NonNullable<Entry['guess']>): ReplState {
  const { command = '' } = find(state, number) ?? {};
  const other = numbered(state, { ...guess, command });
  const { entries } = other.state;
  const told = entries.map((entry) => (entry.number === number ? other.entry : entry));
  // Where this one stands is not known yet: behind all that was told of.
  const own = entries.filter((entry) => entry.number === number);
  const last = told.findLastIndex(isOnDevbox);
  return { ...other.state, entries: told.toSpliced(last + 1, 0, ...own) };
}

/** A report of the shell may have come in before the launch's own answer and shown it as somebody else's. */
function atItsPlace(
  state: ReplState,
  number: number,
  executionId: string,
  settled: Partial<Entry>,
): ReplState {
  const known = findById(state, executionId);
  if (known === undefined) return change(state, number, { executionId, ...settled });
  const own = find(state, number);
  if (own === undefined || known === own) return state;
  const { phase, startedAt, draining, followed, opened } = known;
  const merged: Entry = {
    ...own,
    executionId,
    placed: true,
    phase,
    followed,
    opened,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(draining && { draining }),
  };
  const entries = state.entries.filter((entry) => entry !== own);
  return { ...state, entries: entries.map((entry) => (entry === known ? merged : entry)) };
}

export function remember(state: ReplState, known: Remembered): Step {
  return step(completePast(state, known), { type: 'remember', lines: [known] });
}

export function launchFailed(
  state: ReplState,
  number: number,
  failure: LaunchFailure,
  message: string,
): Step {
  const failed = find(state, number);
  if (failed === undefined) return step(state);
  const { guess, ...entry } = failed;
  // What was told of is another client's, as far as is known.
  const other = guess === undefined ? state : strangers(state, number, guess);
  const rest = { ...other, entries: other.entries.map((one) => (one === failed ? entry : one)) };
  if (failure === 'not_sent') {
    return step(change(rest, number, { phase: 'unsent' }), {
      type: 'retry-launch',
      afterMs: RELAUNCH_AFTER_MS,
    });
  }
  const report: ExitReport = { kind: 'lost', message };
  const closed = andThen(open(rest, entry), (at) =>
    step(endBlock(at, number), { type: 'close-block', number, report }),
  );
  if (failure === 'refused') return andThen(closed, launchNext);
  // What follows may depend on it (`cd build`, `rm -rf *`), so a person decides.
  return andThen(closed, (at) => step(holdUnsent(at, `#${number} may not have run`)));
}
