import type { ReplState } from '../state.ts';
import { andThen, print, type Step, step } from '../step.ts';
import { plural } from '../text/plural.ts';
import { nameOf } from './command-name.ts';
import { remove } from './entries.ts';
import { launchNext } from './launch.ts';

/** A key holds what is not sent yet, and what is typed from now on; the same key releases it. */
export function toggleHold(state: ReplState): Step {
  return state.hold === undefined ? step({ ...state, hold: { reason: 'by you' } }) : release(state);
}

export function release(state: ReplState): Step {
  return launchNext({ ...state, hold: undefined });
}

/** Of so many lines that are dropped at once each is named; more are in the history anyway. */
const MOST_NAMED = 20;

export function dropUnsent(state: ReplState): Step {
  const dropped = state.entries.filter(({ phase }) => phase === 'unsent');
  const told = dropped
    .slice(0, MOST_NAMED)
    .map((entry) => print(`⊘ ${nameOf(state, entry)} dropped before it was sent: ${entry.command}`, 'dim'));
  const more = dropped.length - told.length;
  const rest =
    more > 0 ? [print(`⊘ ${plural(more, 'more line')} dropped; they are in the history`, 'dim')] : [];
  const left = dropped.reduce((at, { number }) => remove(at, number), state);
  return andThen(step({ ...left, hold: undefined }, ...told, ...rest), launchNext);
}
