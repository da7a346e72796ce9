import type { KeyEvent } from '../../editor/key-event.ts';
import { meaningOf } from '../keys/key-lookup.ts';
import type { ReplState } from '../state.ts';
import { andThen, notice, type Step, step } from '../step.ts';
import { beginEdit } from './edit-queued.ts';
import { moveQueued } from './move-queued.ts';
import { cancel } from './queue.ts';
import { type QueueCommand, queueMeaningOf, queueMeaningOfText } from './queue-keymap.ts';
import { dropUnsent, toggleHold } from './release.ts';

/** The keys go to the queue; the last command is selected: the one nearest to the line. */
export function openQueue(state: ReplState): Step {
  const last = state.entries.at(-1);
  if (last === undefined) return notice(state, 'Nothing runs and nothing waits.');
  return step({ ...state, queueFocus: last.number });
}

/** Keys that do the same whether the queue has them or the line. */
const ALSO_HERE: ReadonlySet<string> = new Set(['kill', 'clear-screen', 'help', 'suspend']);

/** @returns undefined when the key means what it always does; `left` then says that the queue has given it up */
export function onQueueKey(
  state: ReplState,
  key: KeyEvent,
): { readonly step: Step } | { readonly left: ReplState } {
  if (state.queueFocus === undefined) return { left: state };
  switch (key.type) {
    case 'text':
      return { step: [...key.text].reduce(typed, step(state)) };
    case 'key': {
      const command = queueMeaningOf(key);
      if (command !== undefined) return { step: run(state, command) };
      return ALSO_HERE.has(meaningOf(key)?.do ?? '') ? { left: state } : { step: noSuchKey(state) };
    }
    default:
      // What is pasted is for the line.
      return { left: { ...state, queueFocus: undefined } };
  }
}

/** Several keys may come in one read. One that leaves the queue leaves those behind it without a meaning. */
function typed(before: Step, character: string): Step {
  return andThen(before, (at) => {
    if (at.queueFocus === undefined) return step(at);
    const command = queueMeaningOfText(character);
    return command === undefined ? noSuchKey(at) : run(at, command);
  });
}

const noSuchKey = (state: ReplState) =>
  notice(state, 'Esc leaves the queue; :help keys says what its keys do.');

function run(state: ReplState, command: QueueCommand): Step {
  const number = state.queueFocus;
  const index = state.entries.findIndex((entry) => entry.number === number);
  if (number === undefined || command === 'leave') return step({ ...state, queueFocus: undefined });
  switch (command) {
    case 'earlier':
      return step(select(state, index - 1));
    case 'later':
      return step(select(state, index + 1));
    case 'first':
      return step(select(state, 0));
    case 'last':
      return step(select(state, state.entries.length - 1));
    case 'edit':
      return beginEdit(state, number);
    case 'cancel': {
      const entry = state.entries[index];
      return entry === undefined ? step(state) : cancel(state, entry);
    }
    case 'cancel-unsent':
      return dropUnsent(state);
    case 'move-earlier':
      return moveQueued(state, number, -1);
    case 'move-later':
      return moveQueued(state, number, 1);
    case 'hold':
      return toggleHold(state);
  }
}

function select(state: ReplState, index: number): ReplState {
  const entry = state.entries[Math.max(0, Math.min(index, state.entries.length - 1))];
  return { ...state, queueFocus: entry?.number };
}

/** When what was selected has ended, what has come to its place is; with the last one the keys go back to the line. */
export function keepFocus(before: ReplState, state: ReplState): ReplState {
  const { queueFocus: number } = state;
  if (number === undefined || before.entries === state.entries) return state;
  if (state.entries.some((entry) => entry.number === number)) return state;
  return select(
    state,
    before.entries.findIndex((entry) => entry.number === number),
  );
}

/** For the status line. */
export function queueStatus({ queueFocus }: ReplState): string | undefined {
  if (queueFocus === undefined) return undefined;
  return 'e edit  d drop  KJ move  h hold  Esc';
}
