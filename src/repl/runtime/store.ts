import type { Effect } from '../state/effect.ts';
import type { ReplEvent } from '../state/event.ts';
import type { ReplState } from '../state/state.ts';
import { update } from '../state/update.ts';

export interface Store {
  state(): ReplState;
  /** For `useSyncExternalStore`: called after each change. */
  subscribe(listener: () => void): () => void;
  dispatch(event: ReplEvent): void;
}

/**
 * Holds the state, and hands effects on in the order in which events asked for them. An event that an effect
 * dispatches at once waits for the effects before it: no effect ever sees a state newer than the one it came from
 * by half a step.
 */
export function createStore(
  initial: ReplState,
  runEffect: (effect: Effect, dispatch: Store['dispatch']) => void,
): Store {
  let state = initial;
  const listeners = new Set<() => void>();
  const waiting: ReplEvent[] = [];
  let busy = false;
  const dispatch = (event: ReplEvent) => {
    waiting.push(event);
    if (busy) return;
    busy = true;
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const before = state;
        const step = update(state, next);
        state = step.state;
        for (const effect of step.effects) runEffect(effect, dispatch);
        if (state !== before) for (const listener of listeners) listener();
      }
    } finally {
      busy = false;
    }
  };
  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispatch,
  };
}
