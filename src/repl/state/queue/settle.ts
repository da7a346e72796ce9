import type { ExitReport } from '../exit-report.ts';
import { endedElsewhere } from '../history/ran-elsewhere.ts';
import { notifyEnd } from '../notify.ts';
import type { ReplState } from '../state.ts';
import { andThen, print, type Step, step } from '../step.ts';
import { nameOf } from './command-name.ts';
import { endBlock } from './ended.ts';
import { change, find, head, remove } from './entries.ts';
import { type Entry, isOnDevbox } from './entry.ts';
import { holdBehind } from './hold.ts';
import { launchNext, remember } from './launch.ts';
import { advance, heldUpBy, open } from './turn.ts';

/** It runs, so what stands in front of it is over; its output is shown when that of those has been. */
export function outputBegan(state: ReplState, number: number, now: number): Step {
  const entry = find(state, number);
  if (entry === undefined) return step(state);
  const before = state.entries.slice(0, state.entries.indexOf(entry)).filter(isOnDevbox);
  const over = before.reduce((at, { number: other }) => change(at, other, { draining: true }), state);
  return advance(change(over, number, { phase: 'running', startedAt: entry.startedAt ?? now }));
}

/** The end of a command is known, and its output is all there. */
export function settled(state: ReplState, number: number, report: ExitReport, now: number): Step {
  const entry = find(state, number);
  if (entry === undefined) return step(state);
  if (isCancelled(report) && !entry.opened) return neverRan(state, entry, report);
  const known = change(state, number, {
    phase: 'running',
    draining: true,
    report: timed(report, entry, now),
  });
  return head(known)?.number === number ? andThen(showEnds(known, now), launchNext) : step(known);
}

/** Where the devbox tells no times: what was seen from here, from when it was known to run. */
function timed(report: ExitReport, { startedAt }: Entry, now: number): ExitReport {
  if (report.kind !== 'completed' || report.durationMs !== undefined || startedAt === undefined)
    return report;
  return { ...report, durationMs: Math.max(0, now - startedAt) };
}

/** Closes the blocks of the commands in front whose end is known, and goes on with the first that is not over. */
export function showEnds(state: ReplState, now: number): Step {
  const first = head(state);
  if (first?.report === undefined || heldUpBy(state) !== undefined) return advance(state);
  return andThen(finish(state, first, first.report), (at) => showEnds(promote(at, now), now));
}

const isCancelled = (report: ExitReport) => report.kind === 'completed' && report.reason === 'cancelled';

/** It leaves the queue at once, with a line: it has no output that would have to come in its turn. */
function neverRan(state: ReplState, entry: Entry, report: ExitReport): Step {
  const by = entry.replacedBy === undefined ? undefined : find(state, entry.replacedBy);
  const message = (report.kind === 'completed' ? report.message : undefined) ?? 'cancelled before it ran';
  const why = by === undefined ? message : 'replaced by your edit';
  const told = print(`⊘ ${nameOf(state, entry)} ${why}: ${entry.command}`, 'dim');
  const gone = step(
    { ...remove(state, entry.number), shownEnds: withEnd(state.shownEnds, entry, report) },
    told,
  );
  return andThen(
    andThen(gone, (at) => rememberEnd(at, entry, report)),
    (at) => andThen(advance(at), launchNext),
  );
}

function finish(state: ReplState, entry: Entry, report: ExitReport): Step {
  const { number } = entry;
  const cwd = report.kind === 'completed' ? (report.cwd ?? state.shell.cwd) : state.shell.cwd;
  const closed = andThen(open(state, entry), (at) =>
    step(
      {
        ...endBlock(at, number),
        shownEnds: withEnd(at.shownEnds, entry, report),
        shell: { ...at.shell, cwd },
        partial: '',
        interruptedAt: undefined,
      },
      { type: 'close-block', number, report },
      ...(at.live ? [] : [{ type: 'refresh' } as const]),
    ),
  );
  const held = andThen(closed, (at) => step(holdBehind(at, entry, report)));
  const shellEnded = report.kind === 'completed' && report.reason === 'shell_ended';
  const told = shellEnded ? andThen(held, tellFreshShell) : held;
  const called = andThen(told, (at) => notifyEnd(at, entry, report));
  return andThen(called, (at) => rememberEnd(at, entry, report));
}

/** What follows, to a person whose shell has ended. */
export function tellFreshShell(state: ReplState): Step {
  const ended = { ...state, bashEnded: true };
  // Why, and what follows, was told.
  if (state.devboxTrouble !== undefined) return step(ended);
  const restore = state.shellGone ? '' : ':restore before it brings the state back, ';
  return step(ended, print(`The next command starts a fresh shell, ${restore}Ctrl-D leaves.`, 'dim'));
}

/** More than can end between two reports of a shell. */
const MOST_SHOWN_ENDS = 500;

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

/** Where the devbox tells of no start, what came next is taken to run now. */
function promote(state: ReplState, now: number): ReplState {
  const first = head(state);
  if (state.live || first?.phase !== 'queued') return state;
  return change(state, first.number, { phase: 'running', startedAt: now });
}
