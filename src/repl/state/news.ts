import { change, remove } from './entries.ts';
import { type Entry, isOnDevbox } from './entry.ts';
import type { ShellNews, ShellReport } from './event.ts';
import { advance, follow } from './queue.ts';
import type { ReplState } from './state.ts';
import { andThen, print, type Step, step } from './step.ts';

/** One thing that happened in the shell, told live by the devbox: own commands and others' alike. */
export function applyNews(state: ReplState, news: ShellNews, now: number): Step {
  const live = { ...state, live: true, now };
  switch (news.kind) {
    case 'snapshot':
      return news.report === undefined ? step(live) : reconcile(live, news.report);
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
    case 'closed':
      return step(live, print(`${live.shell.name}: ${news.message}`, 'dim'));
  }
}

function queued(state: ReplState, executionId: string, command: string): Step {
  if (byId(state, executionId) !== undefined) return step(state);
  // Most likely the own command that is on its way, told before its launch was answered; a report settles it.
  const own = state.entries.some((entry) => entry.phase === 'launching' && entry.command === command);
  if (own) return step(state, { type: 'refresh' });
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

/** An own command's end is told by its result, which brings its output too. */
function ended(state: ReplState, executionId: string): Step {
  const entry = byId(state, executionId);
  if (entry === undefined) return step(state);
  if (entry.origin === 'elsewhere') return advance(remove(state, entry.number));
  return follow(change(state, entry.number, { draining: true }), [entry]);
}

function byId(state: ReplState, executionId: string): Entry | undefined {
  return state.entries.find((entry) => entry.executionId === executionId);
}

/** Takes over what the devbox says of the shell's queue: others' commands come and go, own ones change phase. */
export function reconcile(state: ReplState, report: ShellReport): Step {
  if (report.name !== state.shell.name) return step(state);
  const own = state.entries.filter(({ origin }) => origin === 'here');
  const byId = new Map(state.entries.map((entry) => [entry.executionId, entry] as const));
  let { nextNumber } = state;
  const reported = report.queue.map((item): Entry => {
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
    return { ...base, phase, ...(startedAt === undefined ? {} : { startedAt }) };
  });
  const inReport = new Set(report.queue.map(({ executionId }) => executionId));
  // Own commands that the report does not hold have ended, or were launched after it was made: their result tells.
  const gone = own.filter((entry) => isOnDevbox(entry) && !inReport.has(entry.executionId ?? ''));
  const unsent = own.filter((entry) => !isOnDevbox(entry));
  const entries = [...gone, ...reported, ...unsent];
  const next = { ...state, nextNumber, entries, shell: { ...state.shell, cwd: report.cwd } };
  return andThen(advance(next), (at) => follow(at, gone));
}
