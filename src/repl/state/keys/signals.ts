import { nameOf } from '../queue/command-name.ts';
import { running } from '../queue/queue.ts';
import type { ReplState } from '../state.ts';
import { notice, type Step, step } from '../step.ts';

/** How long after an interrupt a command that goes on counts as one that ignores it, ms. */
const IGNORED_AFTER_MS = 500;

/** Each press is an interrupt of its own: docker compose and pytest give the second a meaning. */
export function interruptRunning(state: ReplState): Step {
  // What is on the screen is what the press is meant for: a flood that has ended is still being shown.
  const flood = state.entries.find(({ draining, opened }) => draining && opened);
  if (flood !== undefined) return step(state, { type: 'skip-output', number: flood.number });
  const entry = running(state);
  if (entry?.executionId === undefined) {
    return notice(state, 'Nothing is running. Ctrl-D detaches, :help says more.');
  }
  const again = state.interruptedAt !== undefined && state.now - state.interruptedAt > IGNORED_AFTER_MS;
  return step(
    {
      ...state,
      interruptedAt: state.interruptedAt ?? state.now,
      notice: again
        ? `${nameOf(state, entry)} ignores Ctrl-C: Ctrl-\\ kills it, the shell stays`
        : state.notice,
    },
    { type: 'interrupt', executionId: entry.executionId },
  );
}

export function killRunning(state: ReplState): Step {
  const entry = running(state);
  if (entry?.executionId === undefined)
    return notice(state, 'Nothing is running, so there is nothing to kill.');
  return step(state, { type: 'kill', executionId: entry.executionId });
}
