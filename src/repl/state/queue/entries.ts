import type { ReplState } from '../state.ts';
import { type Entry, isOnDevbox, type Told } from './entry.ts';

export function find(state: ReplState, number: number): Entry | undefined {
  return state.entries.find((entry) => entry.number === number);
}

export function findById(state: ReplState, executionId: string): Entry | undefined {
  return findSent(
    state,
    (entry) => entry.executionId === executionId || entry.told?.executionId === executionId,
  );
}

/** Thousands of lines may wait here, behind all that is sent: they are not looked at. */
export function findSent({ entries }: ReplState, fits: (entry: Entry) => boolean): Entry | undefined {
  for (const entry of entries) {
    if (entry.phase === 'unsent') return undefined;
    if (fits(entry)) return entry;
  }
  return undefined;
}

/** Whether the devbox has accepted it, as far as is known here. */
export function isAccepted(entry: Entry): boolean {
  return isOnDevbox(entry) || entry.told !== undefined;
}

/** What the shell runs, or what of it is still being shown. */
export function head(state: ReplState): Entry | undefined {
  return findSent(state, isAccepted);
}

export function change(state: ReplState, number: number, changes: Partial<Entry>): ReplState {
  const index = state.entries.findIndex((entry) => entry.number === number);
  const entry = state.entries[index];
  if (entry === undefined) return state;
  return { ...state, entries: state.entries.with(index, { ...entry, ...changes }) };
}

/** Its number in the shell, as far as it is known. */
export function shellNumberOf({ shellNumber, told }: Entry): number | undefined {
  return shellNumber ?? told?.shellNumber;
}

/**
 * Puts a command that the devbox has accepted to its place among the others: they stand in the order of their numbers, however
 * they were learned of. Where the devbox does not count, what is learned of later stands behind. Nothing comes to stand before
 * a block that is open.
 */
export function place(state: ReplState, entry: Entry): ReplState {
  const index = state.entries.findIndex(({ number }) => number === entry.number);
  const others = index < 0 ? state.entries : state.entries.toSpliced(index, 1);
  const number = shellNumberOf(entry);
  let end = others.findIndex((other) => !isAccepted(other));
  if (end < 0) end = others.length;
  for (; end > 0; end--) {
    const before = others[end - 1];
    const known = before && shellNumberOf(before);
    const isBehind = known === undefined || number === undefined || known < number;
    if (isBehind || before?.opened || before?.fixed) break;
  }
  return { ...state, entries: others.toSpliced(end, 0, entry) };
}

/** A command that was not typed here, or that was given up here; with a number of its own. */
export function numbered(
  state: ReplState,
  told: Told & { readonly command: string; readonly own?: number | undefined },
): { readonly state: ReplState; readonly entry: Entry } {
  const { executionId, command, shellNumber, startedAt, ended, own } = told;
  const entry: Entry = {
    number: state.nextNumber,
    command,
    origin: own === undefined ? 'elsewhere' : 'here',
    phase: startedAt === undefined ? 'queued' : 'running',
    executionId,
    ...(shellNumber === undefined ? {} : { shellNumber }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(ended && { draining: true }),
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
