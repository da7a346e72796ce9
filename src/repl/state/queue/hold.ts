import type { ExitReport } from '../exit-report.ts';
import type { ReplState } from '../state.ts';
import { nameOf } from './command-name.ts';
import { find, unsent } from './entries.ts';
import type { Entry } from './entry.ts';

/** Lines that are not sent yet wait until a person has decided. */
export function holdUnsent(state: ReplState, reason: string): ReplState {
  return state.entries.some(({ phase }) => phase === 'unsent') ? { ...state, hold: { reason } } : state;
}

/** What must not go on by itself behind the end of this command. */
export function holdBehind(state: ReplState, entry: Entry, report: ExitReport): ReplState {
  if (entry.replacedBy !== undefined && find(state, entry.replacedBy) !== undefined) {
    return holdUnsent(state, `${nameOf(state, entry)} had begun before it was replaced`);
  }
  // It was typed for the directory and variables of a bash that has ended.
  if (report.kind === 'completed' && report.reason === 'shell_ended') {
    return holdUnsent(state, 'the shell ended');
  }
  if (entry.origin === 'elsewhere' || state.settings['stop-on-error'] === 'off') return state;
  const failed = report.kind === 'lost' || report.exitStatus !== 0;
  return failed ? holdUnsent(state, `${nameOf(state, entry)} failed`) : state;
}

/** For the status line; undefined: nothing is held but by the connection, which says so itself. */
export function holdStatus(state: ReplState): string | undefined {
  if (state.hold === undefined) return undefined;
  return `${unsent(state).length} held · Enter sends · Ctrl-Q D drops · ${state.hold.reason}`;
}
