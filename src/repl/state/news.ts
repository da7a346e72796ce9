import { change } from './entries.ts';
import { type Entry, isOnDevbox } from './entry.ts';
import type { ShellNews, ShellReport } from './event.ts';
import { advance, follow, launchNext } from './queue.ts';
import type { ReplState } from './state.ts';
import { andThen, print, type Step, step } from './step.ts';

/** One thing that happened in the shell, told live by the devbox: own commands and others' alike. */
export function applyNews(state: ReplState, news: ShellNews, now: number): Step {
  const live = { ...state, live: true, now };
  switch (news.kind) {
    case 'snapshot':
      return reported(live, news.report);
    case 'queued':
      return queued(live, news.executionId, news.command);
    case 'started':
      return started(live, news.executionId, now);
    case 'ended':
      return ended(live, news.executionId);
    case 'late':
      // It goes to the scrollback as it is read; the queue knows nothing of it.
      return step(live);
    case 'cwd':
      return step({ ...live, shell: { ...live.shell, cwd: news.cwd } });
    case 'bash':
      return step({ ...live, shell: { ...live.shell, pid: news.pid, cwd: news.cwd } });
    case 'closed':
      return step(live, print(`${live.shell.name}: ${news.message}`, 'dim'));
  }
}

function queued(state: ReplState, executionId: string, command: string): Step {
  if (byId(state, executionId) !== undefined || state.shownEnds.includes(executionId)) return step(state);
  const own = isOnItsWay(state, command);
  if (own) return step({ ...state, suspect: true });
  const entry: Entry = {
    number: state.nextNumber,
    command,
    origin: 'elsewhere',
    phase: 'queued',
    executionId,
    followed: false,
    opened: false,
  };
  const waiting = state.entries.filter(isOnDevbox);
  const unsent = state.entries.filter((other) => !isOnDevbox(other));
  return step({ ...state, nextNumber: state.nextNumber + 1, entries: [...waiting, entry, ...unsent] });
}

function started(state: ReplState, executionId: string, now: number): Step {
  const entry = byId(state, executionId);
  if (entry === undefined) return step(state);
  return advance(change(state, entry.number, { phase: 'running', startedAt: entry.startedAt ?? now }));
}

/** How it ended is told by its result, which brings its output too. */
function ended(state: ReplState, executionId: string): Step {
  const entry = byId(state, executionId);
  if (entry === undefined) return step(state);
  return follow(change(state, entry.number, { draining: true }), [entry]);
}

/** Most likely the own command, told before its launch was answered. When it is not, a report after that shows it. */
function isOnItsWay(state: ReplState, command: string): boolean {
  return state.entries.some((entry) => entry.phase === 'launching' && entry.command === command);
}

/**
 * A report, or word that there is no such shell. After a broken connection it tells whether the shell is still the
 * one that the unsent lines were typed for.
 */
export function reported(state: ReplState, report: ShellReport | undefined): Step {
  if (report === undefined && !state.live) return step(state);
  const lost = state.unsure && state.shell.pid !== undefined && report?.pid !== state.shell.pid;
  const sure = { ...state, unsure: false };
  const taken =
    report === undefined
      ? step({ ...sure, shell: { ...sure.shell, pid: undefined } })
      : reconcile(sure, report);
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
  return andThen(step({ ...state, hold }, print(told + next, 'error')), (at) => follow(at, ended));
}

function byId(state: ReplState, executionId: string): Entry | undefined {
  return state.entries.find((entry) => entry.executionId === executionId);
}

/** Takes over what the devbox says of the shell's queue: others' commands come and go, own ones change phase. */
function reconcile(state: ReplState, report: ShellReport): Step {
  if (report.name !== state.shell.name) return step(state);
  const byId = new Map(state.entries.map((entry) => [entry.executionId, entry] as const));
  let { nextNumber } = state;
  const news = report.queue.filter(
    ({ executionId, command }) =>
      byId.has(executionId) || !(state.shownEnds.includes(executionId) || isOnItsWay(state, command)),
  );
  const entriesThere = news.map((item): Entry => {
    const known = byId.get(item.executionId);
    const phase = item.status;
    const startedAt = item.startedAt ?? known?.startedAt;
    const base: Entry = known ?? {
      number: nextNumber++,
      command: item.command,
      origin: 'elsewhere',
      phase,
      executionId: item.executionId,
      followed: false,
      opened: false,
    };
    return {
      ...base,
      phase,
      waitsForInput: item.waitsForInput === true,
      // What another session launched with stdin shows that by its waiting.
      ...(item.waitsForInput && base.stdin === undefined ? { stdin: 'open' as const } : {}),
      ...(startedAt === undefined ? {} : { startedAt }),
    };
  });
  const inReport = new Set(report.queue.map(({ executionId }) => executionId));
  // Commands that the report does not hold have ended, or were launched after it was made: their result tells.
  const gone = state.entries.filter((entry) => isOnDevbox(entry) && !inReport.has(entry.executionId ?? ''));
  const unsent = state.entries.filter((entry) => !isOnDevbox(entry));
  const entries = [...gone, ...entriesThere, ...unsent];
  const suspect = state.suspect || news.length < report.queue.length;
  const shell = { ...state.shell, cwd: report.cwd, pid: report.pid };
  const next = { ...state, nextNumber, entries, suspect, shell };
  return andThen(advance(next), (at) => follow(at, gone));
}
