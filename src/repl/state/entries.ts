import type { Entry } from './entry.ts';
import type { ReplState } from './state.ts';

export function find(state: ReplState, number: number): Entry | undefined {
  return state.entries.find((entry) => entry.number === number);
}

export function change(state: ReplState, number: number, changes: Partial<Entry>): ReplState {
  return {
    ...state,
    entries: state.entries.map((entry) => (entry.number === number ? { ...entry, ...changes } : entry)),
  };
}

export function remove(state: ReplState, number: number): ReplState {
  return { ...state, entries: state.entries.filter((entry) => entry.number !== number) };
}
