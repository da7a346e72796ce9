import type { DevboxNews } from './event.ts';
import type { ReplState } from './state.ts';
import { print, type Step, step } from './step.ts';

/** The devbox was suspended, ended, or is back. What was typed for shells that are gone is held until a person decides. */
export function devboxNews(state: ReplState, { trouble, told, shellsGone }: DevboxNews): Step {
  const unsent = state.entries.some(({ phase }) => phase === 'unsent');
  const hold =
    shellsGone && unsent
      ? { reason: trouble === undefined ? 'the shell is a fresh one' : `the devbox: ${trouble}` }
      : state.hold;
  const next = { ...state, devboxTrouble: trouble, hold };
  if (told === undefined) return step(next);
  return step(next, print(told, trouble === undefined ? 'dim' : 'error'));
}
