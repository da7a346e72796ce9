import { type Entry, isOnDevbox, type Told } from './entry.ts';
import type { ReplState } from './state.ts';

export function find(state: ReplState, number: number): Entry | undefined {
  return state.entries.find((entry) => entry.number === number);
}

export function findById(state: ReplState, executionId: string): Entry | undefined {
  return state.entries.find((entry) => entry.executionId === executionId);
}

/** What the shell runs, or what of it is still being shown. */
export function head(state: ReplState): Entry | undefined {
  return state.entries.find(isOnDevbox);
}

export function change(state: ReplState, number: number, changes: Partial<Entry>): ReplState {
  const index = state.entries.findIndex((entry) => entry.number === number);
  const entry = state.entries[index];
  if (entry === undefined) return state;
  return { ...state, entries: state.entries.with(index, { ...entry, ...changes }) };
}

/** Behind what the devbox has told of; what is not told of yet was accepted later. */
export function place(state: ReplState, entry: Entry): ReplState {
  const last = state.entries.findLastIndex(({ placed, guess }) => placed === true || guess !== undefined);
  return { ...state, entries: state.entries.toSpliced(last + 1, 0, entry) };
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
  return { ...state, entries: state.entries.filter((entry) => entry.number !== number) };
}

/** What would be lost with this REPL. */
export function unsent(state: ReplState): readonly Entry[] {
  return state.entries.filter(({ phase }) => phase === 'unsent' || phase === 'launching');
}
