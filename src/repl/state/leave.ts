import { unsent } from './queue.ts';
import type { ReplState } from './state.ts';
import { notice, type Step, step } from './step.ts';

/** Detaches. Lines that exist only here would be lost, so those are asked about once. */
export function leave(state: ReplState): Step {
  const waiting = unsent(state).length;
  if (waiting > 0 && !state.leaveConfirmed) {
    return notice(
      { ...state, leaveConfirmed: true },
      `${waiting} line(s) are not sent yet and would be lost: again to leave all the same, :queue to see them`,
    );
  }
  return step({ ...state, leaving: true }, { type: 'leave', reason: 'detached' });
}
