import { unsent } from './entries.ts';
import { plural } from './plural.ts';
import type { ReplState } from './state.ts';

export function connectionText(state: ReplState): string {
  const { connection, now } = state;
  if (connection.kind === 'connected') return state.devboxTrouble ?? 'connected';
  if (connection.kind === 'unauthorized') return `key refused: ${connection.reason}`;
  const seconds = Math.ceil((connection.retryAt - now) / 1000);
  const when = seconds > 0 ? `in ${seconds} s` : 'now';
  const held = unsent(state).length;
  // The reason may be long: what comes behind it is cut on a narrow screen.
  return `reconnecting ${when}${held > 0 ? `, ${plural(held, 'line')} held` : ''}: ${connection.reason}`;
}
