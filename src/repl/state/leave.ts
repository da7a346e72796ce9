import { unsent } from './queue/entries.ts';
import type { ReplState } from './state.ts';
import { notice, type Step, step } from './step.ts';
import { plural } from './text/plural.ts';

/** Detaches. Lines that exist only here would be lost, so those are asked about once. */
export function leave(state: ReplState): Step {
  const waiting = unsent(state).length;
  if (waiting > 0 && !state.leaveConfirmed) {
    return notice(
      { ...state, leaveConfirmed: true },
      `Again to leave: ${plural(waiting, 'line')} not sent yet would be lost (:queue)`,
    );
  }
  return step({ ...state, leaving: true }, { type: 'leave', reason: 'detached' });
}
