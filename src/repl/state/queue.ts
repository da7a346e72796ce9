import type { Remembered } from './effect.ts';
import { change, find, remove } from './entries.ts';
import type { Entry } from './entry.ts';
import { isOnDevbox } from './entry.ts';
import type { LaunchFailure } from './event.ts';
import type { ExitReport } from './exit-report.ts';
import { completePast } from './past.ts';
import { endedElsewhere } from './ran-elsewhere.ts';
import type { ReplState } from './state.ts';
import { andThen, print, type Step, step } from './step.ts';

/** Pause before a launch that provably did not leave is tried again, ms. */
const RELAUNCH_AFTER_MS = 2_000;

/**
 * Appends a line and sends it as soon as it is its turn.
 *
 * @param remembered how the history keeps it; without it its end is not told there
 */
export function enqueue(
  state: ReplState,
  command: string,
  { remembered, stdin }: { readonly remembered?: Entry['remembered']; readonly stdin?: boolean } = {},
): Step {
  const entry: Entry = {
    number: state.nextNumber,
    command,
    origin: 'here',
    phase: 'unsent',
    ...(remembered === undefined ? {} : { remembered }),
    ...(stdin ? { stdin: 'open' } : {}),
    followed: false,
    opened: false,
  };
  return launchNext({ ...state, nextNumber: state.nextNumber + 1, entries: [...state.entries, entry] });
}

/**
 * Launches leave in the order typed with one on the way at a time: the answer of one is what proves that the next
 * cannot overtake it.
 */
export function launchNext(state: ReplState): Step {
  if (state.hold !== undefined) return step(state);
  if (state.entries.some((entry) => entry.phase === 'launching')) return step(state);
  const next = state.entries.find((entry) => entry.phase === 'unsent');
  if (next === undefined) return step(state);
  // The question may be what brings a stopped devbox back.
  if (state.unsure) return step(state, { type: 'refresh' });
  return step(change(state, next.number, { phase: 'launching' }), {
    type: 'launch',
    number: next.number,
    command: next.command,
    stdin: next.stdin !== undefined,
  });
}

export function launched(
  state: ReplState,
  number: number,
  executionId: string,
  status: 'queued' | 'running' | 'completed',
  now: number,
): Step {
  const phase = status === 'queued' ? 'queued' : 'running';
  const known = state.entries.find((entry) => entry.executionId === executionId && entry.number !== number);
  // A report of the shell may have come in before the launch's own answer and shown it as somebody else's.
  const entries = state.entries.filter((entry) => entry !== known);
  const moved = change({ ...state, entries }, number, {
    phase,
    executionId,
    ...(phase === 'running' ? { startedAt: now } : {}),
  });
  const asked = state.suspect ? step({ ...moved, suspect: false }, { type: 'refresh' }) : step(moved);
  const remembered = find(moved, number)?.remembered;
  const told = andThen(asked, (at) =>
    remembered === undefined ? step(at) : remember(at, { ...remembered, executionId }),
  );
  return andThen(andThen(told, advance), launchNext);
}

function remember(state: ReplState, known: Remembered): Step {
  return step(completePast(state, known), { type: 'remember', lines: [known] });
}

export function launchFailed(
  state: ReplState,
  number: number,
  failure: LaunchFailure,
  message: string,
): Step {
  const entry = find(state, number);
  if (entry === undefined) return step(state);
  if (failure === 'not_sent') {
    return step(change(state, number, { phase: 'unsent' }), {
      type: 'retry-launch',
      afterMs: RELAUNCH_AFTER_MS,
    });
  }
  const report: ExitReport = { kind: 'lost', message };
  const closed = andThen(
    andThen(step(state), (at) => open(at, entry)),
    (at) => step(remove(at, number), { type: 'close-block', number, report }),
  );
  if (failure === 'refused') return andThen(closed, launchNext);
  const waiting = closed.state.entries.filter(({ phase }) => phase === 'unsent').length;
  if (waiting === 0) return closed;
  // What follows may depend on it (`cd build`, `rm -rf *`), so a person decides.
  return andThen(closed, (at) => step({ ...at, hold: { reason: `#${number} may not have run` } }));
}

/** The head of the queue runs; what stands in front of it is over. */
export function outputBegan(state: ReplState, number: number, now: number): Step {
  const entry = find(state, number);
  if (entry === undefined) return step(state);
  const running = change(state, number, { phase: 'running', startedAt: entry.startedAt ?? now });
  return open(running, entry);
}

export function settled(state: ReplState, number: number, report: ExitReport, now: number): Step {
  const entry = find(state, number);
  if (entry === undefined) return step(state);
  const cwd = report.kind === 'completed' ? (report.cwd ?? state.shell.cwd) : state.shell.cwd;
  return andThen(
    andThen(open(state, entry), (at) =>
      step(
        {
          ...remove(at, number),
          shownEnds: withEnd(at.shownEnds, entry, report),
          shell: { ...at.shell, cwd },
          partial: '',
          interruptedAt: undefined,
        },
        { type: 'close-block', number, report },
        ...(at.live ? [] : [{ type: 'refresh' } as const]),
      ),
    ),
    (at) =>
      andThen(rememberEnd(at, entry, report), (then) => andThen(advance(promote(then, now)), launchNext)),
  );
}

/** More than can end between two reports of a shell. */
const MOST_SHOWN_ENDS = 100;

/** What was lost sight of may still run, and is news when it is told of. */
function withEnd(ends: readonly string[], { executionId }: Entry, { kind }: ExitReport): readonly string[] {
  return executionId === undefined || kind === 'lost'
    ? ends
    : [...ends.slice(1 - MOST_SHOWN_ENDS), executionId];
}

/** Completes what the history keeps of the line: whether it worked is what a later suggestion is ranked by. */
function rememberEnd(state: ReplState, entry: Entry, report: ExitReport): Step {
  const { remembered } = entry;
  if (entry.origin === 'elsewhere') return endedElsewhere(state, entry, report);
  if (remembered === undefined || report.kind !== 'completed' || report.exitStatus === null)
    return step(state);
  return remember(state, { ...remembered, exitStatus: report.exitStatus });
}

/**
 * What came next runs now, unless somebody else's command is known to stand before it. Where the devbox reports its
 * queue the next report corrects this; where it does not, it is the best that can be known.
 */
function promote(state: ReplState, now: number): ReplState {
  const head = state.entries[0];
  if (head?.phase !== 'queued') return state;
  return change(state, head.number, { phase: 'running', startedAt: now });
}

/** Opens the block of the command that runs, and follows the first one: only its streams are open. */
export function advance(state: ReplState): Step {
  const head = state.entries.find(isOnDevbox);
  if (head === undefined) return step(state);
  return andThen(head.phase === 'running' ? open(state, head) : step(state), (at) => follow(at, [head]));
}

export function follow(state: ReplState, entries: readonly Entry[]): Step {
  return entries.reduce(
    (before, { number }) =>
      andThen(before, (at) => {
        const entry = find(at, number);
        if (entry === undefined || entry.followed) return step(at);
        return step(change(at, number, { followed: true }), {
          type: 'follow',
          number,
          executionId: entry.executionId ?? '',
        });
      }),
    step(state),
  );
}

function open(state: ReplState, { number }: Entry): Step {
  const entry = find(state, number);
  if (entry === undefined || entry.opened) return step(state);
  return step(change(state, number, { opened: true }), {
    type: 'open-block',
    number,
    command: entry.command,
    elsewhere: entry.origin === 'elsewhere',
  });
}

/** Drops what only this side holds; asks the devbox to drop what waits there. */
export function cancel(state: ReplState, number: number): Step {
  const entry = find(state, number);
  if (entry === undefined) {
    return step(
      state,
      print(`There is no command #${number} in the queue: it has ended, or never was. See :queue.`, 'error'),
    );
  }
  switch (entry.phase) {
    case 'unsent':
      return releaseIfNothingHeld(
        remove(state, number),
        print(`⊘ #${number} dropped before it was sent: ${entry.command}`, 'dim'),
      );
    case 'launching':
      return step(state, print(`#${number} is on its way to the devbox; cancel it in a moment.`, 'error'));
    case 'running':
      return step(state, print(`#${number} is running: Ctrl-C interrupts it, :kill ends it.`, 'error'));
    case 'queued':
      return step(state, { type: 'kill', executionId: entry.executionId ?? '' }, { type: 'refresh' });
  }
}

function releaseIfNothingHeld(state: ReplState, ...effects: Step['effects']): Step {
  const held = state.entries.some(({ phase }) => phase === 'unsent');
  return step(held ? state : { ...state, hold: undefined }, ...effects);
}

export function release(state: ReplState): Step {
  return launchNext({ ...state, hold: undefined });
}

export function running(state: ReplState): Entry | undefined {
  return state.entries.find(({ phase, draining }) => phase === 'running' && draining !== true);
}

export function unsent(state: ReplState): readonly Entry[] {
  return state.entries.filter(({ phase }) => phase === 'unsent' || phase === 'launching');
}
