import type { Remembered } from '../effect.ts';
import type { ReplEvent } from '../event.ts';
import type { ExitReport } from '../exit-report.ts';
import { completePast } from '../history/past.ts';
import type { ReplState } from '../state.ts';
import { andThen, type Step, step } from '../step.ts';
import { nameOf } from './command-name.ts';
import { endBlock } from './ended.ts';
import { change, find, place } from './entries.ts';
import { type Entry, isOnDevbox } from './entry.ts';
import { holdUnsent } from './hold.ts';
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
  if (state.hold !== undefined || state.switching) return step(state);
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
  event: Omit<Extract<ReplEvent, { type: 'launched' }>, 'type'>,
): Step {
  const { number, executionId, status, now } = event;
  const entry = find(state, number);
  if (entry === undefined) return step(state);
  const { told, ...own } = entry;
  const shellNumber = event.shellNumber ?? told?.shellNumber;
  const startedAt = told?.startedAt ?? (status === 'queued' ? undefined : now);
  const accepted: Entry = {
    ...own,
    executionId,
    phase: startedAt === undefined && !told?.ended ? 'queued' : 'running',
    ...(shellNumber === undefined ? {} : { shellNumber }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(told?.ended && { draining: true }),
  };
  const remembered = andThen(step(placeOnce(state, accepted)), (at) =>
    own.remembered === undefined ? step(at) : remember(at, { ...own.remembered, executionId }),
  );
  return andThen(andThen(remembered, advance), launchNext);
}

/** Where the devbox does not tell whose a command is, it may be shown as somebody else's by now. */
function placeOnce(state: ReplState, accepted: Entry): ReplState {
  const shown = state.entries.find(
    ({ executionId, number }) => executionId === accepted.executionId && number !== accepted.number,
  );
  if (shown === undefined) return place(state, accepted);
  const { phase, startedAt, draining, followed, opened } = shown;
  const merged: Entry = {
    ...accepted,
    phase,
    followed,
    opened,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(draining && { draining }),
  };
  const others = state.entries.filter(({ number }) => number !== accepted.number);
  return { ...state, entries: others.map((entry) => (entry === shown ? merged : entry)) };
}

export function remember(state: ReplState, known: Remembered): Step {
  return step(completePast(state, known), { type: 'remember', lines: [known] });
}

export function launchFailed(state: ReplState, event: Extract<ReplEvent, { type: 'launch-failed' }>): Step {
  const { number, failure, message } = event;
  const entry = find(state, number);
  if (entry === undefined) return step(state);
  // The answer was lost, but the devbox has told of it.
  const { told } = entry;
  if (told !== undefined)
    return launched(state, { number, executionId: told.executionId, status: 'queued', now: state.now });
  if (failure === 'not_sent') {
    return step(change(state, number, { phase: 'unsent' }), {
      type: 'retry-launch',
      afterMs: RELAUNCH_AFTER_MS,
    });
  }
  const report: ExitReport = { kind: 'lost', message };
  const closed = andThen(open(state, entry), (at) =>
    step(endBlock(at, number), { type: 'close-block', number, report }),
  );
  if (failure === 'refused') return andThen(closed, launchNext);
  // What follows may depend on it (`cd build`, `rm -rf *`), so a person decides.
  return andThen(closed, (at) => step(holdUnsent(at, `${nameOf(at, entry)} may not have run`)));
}
