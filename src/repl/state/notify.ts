import { type ExitReport, exitLine } from './exit-report.ts';
import { nameOf } from './queue/command-name.ts';
import type { Entry } from './queue/entry.ts';
import type { ReplState } from './state.ts';
import { type Step, step } from './step.ts';

/** A command that took long has ended while nobody looks at the terminal. */
export function notifyEnd(state: ReplState, entry: Entry, report: ExitReport): Step {
  const { notify, 'notify-after': seconds } = state.settings;
  if (notify === 'off' || state.focused) return step(state);
  const told = report.kind === 'completed' ? report.durationMs : undefined;
  const took = told ?? (entry.startedAt === undefined ? 0 : state.now - entry.startedAt);
  if (took < seconds * 1000) return step(state);
  return step(state, {
    type: 'notify',
    way: notify,
    text: `${nameOf(state, entry)} ${entry.command} ${exitLine(report).text}`,
  });
}
