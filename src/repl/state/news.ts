import { change, findById, findSent, numbered, place } from './entries.ts';
import { type Entry, isOnDevbox, type Told } from './entry.ts';
import type { ShellNews, ShellReport } from './event.ts';
import { launchNext } from './launch.ts';
import { showEnds } from './settle.ts';
import type { ReplState } from './state.ts';
import { andThen, print, type Step, step } from './step.ts';
import { advance, follow } from './turn.ts';

/** One thing that happened in the shell, told live by the devbox: own commands and others' alike. */
export function applyNews(state: ReplState, news: ShellNews, now: number): Step {
  const live = { ...state, live: true, now };
  switch (news.kind) {
    case 'snapshot':
      return reported(live, news.report, now, true);
    case 'queued':
      return queued(live, news.executionId, news.command);
    case 'started':
      return started(live, news.executionId, now);
    case 'ended':
      return ended(live, news.executionId, news.cancelled === true);
    case 'late':
      // It goes to the scrollback as it is read; the queue knows nothing of it.
      return step(live);
    case 'cwd':
      return step({ ...live, shell: { ...live.shell, cwd: news.cwd } });
    case 'bash':
      return step({ ...live, shell: { ...live.shell, pid: news.pid, cwd: news.cwd } });
    case 'closed':
      return live.closing ? step(live) : step(live, print(`${live.shell.name}: ${news.message}`, 'dim'));
  }
}

/** Told before its launch is answered, an own command looks like this one; the answer says whether it was. */
function queued(state: ReplState, executionId: string, command: string): Step {
  const known = findById(state, executionId);
  if (known !== undefined) return step(known.placed ? state : change(state, known.number, { placed: true }));
  if (isGuessed(state, executionId) || state.shownEnds.includes(executionId)) return step(state);
  const own = findSent(state, ({ phase }) => phase === 'launching');
  if (own?.command === command && own.guess === undefined)
    return step(change(state, own.number, { guess: { executionId } }));
  const { state: at, entry } = numbered(state, { executionId, command });
  return step(place(at, entry));
}

function started(state: ReplState, executionId: string, now: number): Step {
  const entry = findById(state, executionId);
  if (entry === undefined) return step(withGuess(state, executionId, { startedAt: now }));
  return advance(change(state, entry.number, { phase: 'running', startedAt: entry.startedAt ?? now }));
}

/** How it ended is told by its result, which brings its output too. What never ran has none, and no turn to wait for. */
function ended(state: ReplState, executionId: string, cancelled: boolean): Step {
  const entry = findById(state, executionId);
  if (entry === undefined) return step(withGuess(state, executionId, { ended: true }));
  const over = change(state, entry.number, { draining: true });
  return cancelled ? follow(over, [entry]) : advance(over);
}

function isGuessed(state: ReplState, executionId: string): boolean {
  return findSent(state, ({ guess }) => guess?.executionId === executionId) !== undefined;
}

function withGuess(state: ReplState, executionId: string, more: Partial<Told>): ReplState {
  const entry = findSent(state, ({ guess }) => guess?.executionId === executionId);
  return entry?.guess === undefined
    ? state
    : change(state, entry.number, { guess: { ...entry.guess, ...more } });
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
  const sure = { ...state, unsure: false };
  const taken =
    report === undefined
      ? step({ ...sure, shell: { ...sure.shell, pid: undefined } })
      : reconcile(sure, report, now, isSnapshot || !state.live);
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
 * @param takesNew false: new ones are told as news, in their order, which an answer to a question may overtake
 */
function reconcile(state: ReplState, report: ShellReport, now: number, takesNew: boolean): Step {
  if (report.name !== state.shell.name) return step(state);
  const told = new Map(report.queue.map((item) => [item.executionId, item] as const));
  // Those that it does not hold have ended, or were launched after it was made: their result tells. They stay where
  // they stood, behind the same neighbour.
  const behind = new Map<string | undefined, Entry[]>();
  const untold: Entry[] = [];
  let neighbour: string | undefined;
  for (const entry of state.entries.filter(isOnDevbox)) {
    if (told.has(entry.executionId ?? '')) neighbour = entry.executionId;
    else if (!entry.placed) untold.push(entry);
    else behind.set(neighbour, [...(behind.get(neighbour) ?? []), entry]);
  }
  let at: ReplState = { ...state, entries: state.entries.filter((entry) => !isOnDevbox(entry)) };
  const known = new Map(state.entries.map((entry) => [entry.executionId, entry] as const));
  const onDevbox = [...(behind.get(undefined) ?? [])];
  for (const item of report.queue) {
    const own = at.entries.find(({ phase }) => phase === 'launching');
    const isOwn =
      own?.guess?.executionId === item.executionId ||
      (own?.guess === undefined && own?.command === item.command);
    let entry = known.get(item.executionId);
    const isOver = entry === undefined && (!takesNew || state.shownEnds.includes(item.executionId));
    if (entry === undefined && own !== undefined && isOwn && !isOver) {
      at = change(at, own.number, { guess: { ...own.guess, ...startOf(item) } });
    } else if (!isOver) {
      if (entry === undefined) ({ state: at, entry } = numbered(at, item));
      onDevbox.push(asReported(entry, item));
    }
    onDevbox.push(...(behind.get(item.executionId) ?? []));
  }
  const shell = { ...state.shell, cwd: report.cwd, pid: report.pid };
  const next = { ...at, entries: [...onDevbox, ...untold, ...at.entries], shell };
  const gone = [...behind.values(), untold].flat();
  return andThen(showEnds(next, now), (then) => follow(then, gone));
}

type Reported = ShellReport['queue'][number];

const startOf = ({ executionId, startedAt }: Reported): Told => ({
  executionId,
  ...(startedAt === undefined ? {} : { startedAt }),
});

function asReported(entry: Entry, { status, startedAt, waitsForInput }: Reported): Entry {
  return {
    ...entry,
    phase: status,
    placed: true,
    waitsForInput: waitsForInput === true,
    // What another session launched with stdin shows that by its waiting.
    ...(waitsForInput && entry.stdin === undefined ? { stdin: 'open' as const } : {}),
    ...(startedAt === undefined ? {} : { startedAt }),
  };
}
