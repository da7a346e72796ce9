import type { ReplState } from '../state.ts';
import { change, find, findById, numbered, place, shellNumberOf } from './entries.ts';
import type { Told } from './entry.ts';

/** What the devbox has accepted has its place among the rest: an own command that is still on its way, too. */
export function known(state: ReplState, told: Parameters<typeof numbered>[1]): ReplState {
  const { executionId, shellNumber, own, startedAt, ended } = told;
  const entry = findById(state, executionId);
  if (entry !== undefined) {
    if (shellNumber === undefined || shellNumberOf(entry) !== undefined) return state;
    return place(state, { ...entry, shellNumber });
  }
  const launching = own === undefined ? undefined : find(state, own);
  if (launching?.phase === 'launching')
    return place(state, { ...launching, told: { executionId, shellNumber, startedAt, ended } });
  const { state: at, entry: added } = numbered(state, told);
  return place(at, added);
}

/** More of a command that is known. */
export function learn(
  state: ReplState,
  executionId: string,
  { startedAt, ended }: Pick<Told, 'startedAt' | 'ended'>,
): ReplState {
  const entry = findById(state, executionId);
  if (entry === undefined) return state;
  const { number, told } = entry;
  if (told !== undefined)
    return change(state, number, {
      told: { ...told, startedAt: told.startedAt ?? startedAt, ended: told.ended ?? ended },
    });
  return change(state, number, {
    ...(startedAt !== undefined && { phase: 'running', startedAt: entry.startedAt ?? startedAt }),
    ...(ended && { draining: true }),
  });
}
