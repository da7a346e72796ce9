import type { ShellNews, ShellReport } from './event.ts';
import { change, findById } from './queue/entries.ts';
import { isOnDevbox } from './queue/entry.ts';
import { holdUnsent } from './queue/hold.ts';
import { known, learn } from './queue/known.ts';
import { launchNext } from './queue/launch.ts';
import { askMissed } from './queue/missed.ts';
import { showEnds, tellFreshShell } from './queue/settle.ts';
import { advance, follow } from './queue/turn.ts';
import type { ReplState } from './state.ts';
import { andThen, print, type Step, step } from './step.ts';

/** One thing that happened in the shell, told live by the devbox: own commands and others' alike. */
export function applyNews(state: ReplState, news: ShellNews, now: number): Step {
  const live = { ...state, live: true, now };
  switch (news.kind) {
    case 'snapshot':
      return reported(live, news.report, now, true);
    case 'queued':
      return showEnds(queued(live, news), now);
    case 'started':
      return advance(learn(live, news.executionId, { startedAt: now }));
    case 'ended':
      return ended(live, news.executionId, news.cancelled === true);
    case 'late':
      // It goes to the scrollback as it is read; the queue knows nothing of it.
      return step(live);
    case 'cwd':
      return step({ ...live, shell: { ...live.shell, cwd: news.cwd } });
    case 'bash':
      return step({
        ...live,
        shell: { ...live.shell, pid: news.pid, cwd: news.cwd },
        bashEnded: false,
        shellGone: false,
      });
    case 'bash-ended':
      return bashEnded({ ...live, shell: { ...live.shell, pid: undefined, cwd: news.cwd } }, news.message);
    case 'closed':
      return closed(live, news.message);
  }
}

/** They are told in the order of their numbers, so all up to this one are known now. */
function queued(state: ReplState, told: Extract<ShellNews, { kind: 'queued' }>): ReplState {
  const { executionId, shellNumber } = told;
  const heard =
    shellNumber === undefined ? state : { ...state, toldUpTo: Math.max(state.toldUpTo ?? 0, shellNumber) };
  return state.shownEnds.includes(executionId) ? heard : known(heard, told);
}

/** How it ended is told by its result, which brings its output too. What never ran has none, and no turn to wait for. */
function ended(state: ReplState, executionId: string, cancelled: boolean): Step {
  const over = learn(state, executionId, { ended: true });
  const entry = findById(over, executionId);
  return cancelled && entry?.executionId !== undefined ? follow(over, [entry]) : advance(over);
}

/** With a command that ran in it, the command's end tells. */
function bashEnded(state: ReplState, message: string): Step {
  if (state.bashEnded || state.entries.some(isOnDevbox)) return step(state);
  const held = holdUnsent(state, 'the shell ended');
  return andThen(step(held, print(`The shell ended: ${message}.`, 'error')), tellFreshShell);
}

/** A new shell of its name may count from 1. */
function closed(state: ReplState, message: string): Step {
  const { shell, closing } = state;
  const left = { ...leaveBehind(state), shellGone: true };
  if (closing) return step(left);
  const told = step(left, print(`${shell.name}: ${message}`, 'dim'));
  // The end of what ran in it tells that.
  return state.entries.some(isOnDevbox) ? told : andThen(told, tellFreshShell);
}

function leaveBehind(state: ReplState): ReplState {
  const entries = state.entries.map((entry) =>
    isOnDevbox(entry) ? { ...entry, fixed: true as const } : entry,
  );
  return { ...state, entries, toldUpTo: undefined, missing: undefined };
}

/**
 * A report, or word that there is no such shell. After a broken connection it tells whether the shell is still the
 * one that the unsent lines were typed for.
 */
export function reported(
  state: ReplState,
  report: ShellReport | undefined,
  now: number,
  isSnapshot = false,
): Step {
  if (report === undefined && !state.live) return step(state);
  const lost = state.unsure && state.shell.pid !== undefined && report?.pid !== state.shell.pid;
  // A shell of which nothing is kept counts anew.
  const goesOn = (report?.lastNumber ?? 0) >= (state.toldUpTo ?? 0);
  const sure = { ...(lost && !goesOn ? leaveBehind(state) : state), unsure: false };
  const taken =
    report === undefined
      ? step({ ...sure, shell: { ...sure.shell, pid: undefined } })
      : reconcile(sure, report, now, isSnapshot);
  return andThen(taken, (at) => (lost ? shellLost(at) : launchNext(at)));
}

/** What was typed for the directory and variables of a shell that is gone must not run in another by itself. */
function shellLost(state: ReplState): Step {
  const ended = state.entries.filter((entry) => isOnDevbox(entry) && entry.executionId !== undefined);
  const held = state.entries.some(({ phase }) => phase === 'unsent');
  const hold = held ? { reason: 'the shell was lost' } : state.hold;
  const told = `The shell ${state.shell.name} was lost with its server: its directory, variables and jobs are gone.`;
  const next = held
    ? ' What was typed is held: Enter on an empty line sends it to a fresh shell, :cancel N drops it.'
    : '';
  return andThen(step({ ...state, hold, bashEnded: true }, print(told + next, 'error')), (at) =>
    follow(at, ended),
  );
}

/**
 * Takes over what the devbox says of the shell's queue: others' commands come and go, own ones change phase.
 *
 * @param isSnapshot the news before it are not told any more: what came and went meanwhile is asked for
 */
function reconcile(state: ReplState, report: ShellReport, now: number, isSnapshot: boolean): Step {
  if (report.name !== state.shell.name) return step(state);
  const shell = { ...state.shell, cwd: report.cwd, pid: report.pid };
  let at: ReplState = { ...state, shell };
  for (const item of report.queue) {
    if (state.shownEnds.includes(item.executionId)) continue;
    // Without numbers an answer to a question may overtake news, which are in order.
    const isTaken = isSnapshot || !state.live || item.shellNumber !== undefined;
    if (isTaken || findById(at, item.executionId) !== undefined) at = withItem(at, item);
  }
  // Those that it does not hold have ended, or were launched after it was made: their result tells.
  const told = new Set(report.queue.map(({ executionId }) => executionId));
  const gone = at.entries.filter((entry) => isOnDevbox(entry) && !told.has(entry.executionId ?? ''));
  const asked = isSnapshot ? askMissed(at, report) : step(at);
  return andThen(
    andThen(asked, (then) => showEnds(then, now)),
    (then) => follow(then, gone),
  );
}

function withItem(state: ReplState, item: ShellReport['queue'][number]): ReplState {
  const { executionId, status, startedAt, waitsForInput } = item;
  const at = learn(
    known(state, item),
    executionId,
    status === 'running' ? { startedAt: startedAt ?? state.now } : {},
  );
  const entry = findById(at, executionId);
  if (entry === undefined) return at;
  return change(at, entry.number, {
    waitsForInput: waitsForInput === true,
    // What another session launched with stdin shows that by its waiting.
    ...(waitsForInput && entry.stdin === undefined ? { stdin: 'open' as const } : {}),
  });
}
