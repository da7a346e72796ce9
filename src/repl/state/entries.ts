import { type Entry, isOnDevbox, type Told } from './entry.ts';
import type { ReplState } from './state.ts';

export function find(state: ReplState, number: number): Entry | undefined {
  return state.entries.find((entry) => entry.number === number);
}

export function findById(state: ReplState, executionId: string): Entry | undefined {
  return findSent(state, (entry) => entry.executionId === executionId);
}

/** Thousands of lines may wait here, behind all that is sent: they are not looked at. */
export function findSent({ entries }: ReplState, fits: (entry: Entry) => boolean): Entry | undefined {
  for (const entry of entries) {
    if (entry.phase === 'unsent') return undefined;
    if (fits(entry)) return entry;
  }
  return undefined;
}

/** What the shell runs, or what of it is still being shown. */
export function head(state: ReplState): Entry | undefined {
  return findSent(state, isOnDevbox);
}

export function change(state: ReplState, number: number, changes: Partial<Entry>): ReplState {
  const index = state.entries.findIndex((entry) => entry.number === number);
  const entry = state.entries[index];
  if (entry === undefined) return state;
  return { ...state, entries: state.entries.with(index, { ...entry, ...changes }) };
}

/** Behind what the devbox has told of; what is not told of yet was accepted later. */
export function place(state: ReplState, entry: Entry): ReplState {
  let end = 0;
  for (const [index, { phase, placed, guess }] of state.entries.entries()) {
    if (phase === 'unsent') break;
    if (placed === true || guess !== undefined) end = index + 1;
  }
  return { ...state, entries: state.entries.toSpliced(end, 0, entry) };
}

/**
 * The connection has changed: what is on the devbox was accepted before what will be told from now on, and when it is not
 * told of any more it has ended.
 */
export function placeAll(state: ReplState): ReplState {
  if (!state.entries.some((entry) => isOnDevbox(entry) && !entry.placed)) return state;
  const entries = state.entries.map((entry) =>
    isOnDevbox(entry) ? { ...entry, placed: true as const } : entry,
  );
  return { ...state, entries };
}

/** Somebody else's command, with a number of its own. */
export function numbered(
  state: ReplState,
  told: Told & { readonly command: string },
): { readonly state: ReplState; readonly entry: Entry } {
  const { executionId, command, startedAt, ended } = told;
  const entry: Entry = {
    number: state.nextNumber,
    command,
    origin: 'elsewhere',
    phase: startedAt === undefined ? 'queued' : 'running',
    executionId,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(ended && { draining: true }),
    placed: true,
    followed: false,
    opened: false,
  };
  return { state: { ...state, nextNumber: state.nextNumber + 1 }, entry };
}

export function remove(state: ReplState, number: number): ReplState {
  const index = state.entries.findIndex((entry) => entry.number === number);
  return index < 0 ? state : { ...state, entries: state.entries.toSpliced(index, 1) };
}

/** What would be lost with this REPL. */
export function unsent(state: ReplState): readonly Entry[] {
  return state.entries.filter(({ phase }) => phase === 'unsent' || phase === 'launching');
}
