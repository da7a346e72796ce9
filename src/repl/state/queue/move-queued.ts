import type { ReplState } from '../state.ts';
import { notice, type Step, step } from '../step.ts';
import { nameOf } from './command-name.ts';
import type { Entry } from './entry.ts';

/** Swaps a line with its neighbour, when both are on this side: the devbox has no call that moves what waits there. */
export function moveQueued(state: ReplState, number: number, by: 1 | -1): Step {
  const index = state.entries.findIndex((entry) => entry.number === number);
  const entry = state.entries[index];
  const other = state.entries[index + by];
  if (entry === undefined) return step(state);
  if (!isHere(entry)) {
    const why = entry.phase === 'running' ? 'runs' : 'waits on the devbox';
    return notice(state, `${nameOf(state, entry)} ${why} and keeps its place; e edits it, and sends it last`);
  }
  if (other === undefined || !isHere(other)) {
    return notice(state, by < 0 ? 'What is before it is sent already.' : 'It is the last one.');
  }
  return step({ ...state, entries: state.entries.with(index, other).with(index + by, entry) });
}

const isHere = ({ phase }: Entry) => phase === 'unsent';
