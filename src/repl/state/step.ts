import type { Effect, Tone } from './effect.ts';
import type { ReplState } from './state.ts';

/** What a transition gives: the next state, and what is to be done about it, in order. */
export interface Step {
  readonly state: ReplState;
  readonly effects: readonly Effect[];
}

export function step(state: ReplState, ...effects: readonly Effect[]): Step {
  return { state, effects };
}

/**
 * Runs a second transition on the outcome of a first. Not called `then`: a module that exports that name is a
 * thenable, which `import()` would call.
 */
export function andThen(first: Step, next: (state: ReplState) => Step): Step {
  const second = next(first.state);
  return { state: second.state, effects: [...first.effects, ...second.effects] };
}

export function notice(state: ReplState, text: string): Step {
  return step({ ...state, notice: text });
}

export function print(text: string, tone: Tone = 'plain'): Effect {
  return { type: 'print', text, tone };
}
