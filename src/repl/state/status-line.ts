import { inNormalMode } from './keys/vi-keys.ts';
import { unsent } from './queue/entries.ts';
import type { ReplState } from './state.ts';
import { plural } from './text/plural.ts';

export function connectionText(state: ReplState): string {
  const { connection, now } = state;
  if (connection.kind === 'connected') return state.devboxTrouble ?? unanswered(state) ?? 'connected';
  if (connection.kind === 'unauthorized') return `key refused: ${connection.reason}`;
  const seconds = Math.ceil((connection.retryAt - now) / 1000);
  const when = seconds > 0 ? `in ${seconds} s` : 'now';
  const held = unsent(state).length;
  // The reason may be long: what comes behind it is cut on a narrow screen.
  return `reconnecting ${when}${held > 0 ? `, ${plural(held, 'line')} held` : ''}: ${connection.reason}`;
}

/**
 * Where one is, and that it is being recorded, on so many cells: that gives way first.
 *
 * @param cut to so many cells
 */
export function placeText(
  state: ReplState,
  cells: number,
  cut: (text: string, cells: number) => string,
): string {
  // The keys typed so far of a command, as vi shows them.
  const mode = inNormalMode(state) ? [`normal ${state.vi.keys.join('')}`.trimEnd()] : [];
  const { name, cwd } = state.shell;
  const place = [...mode, name, state.devbox, ...(cwd === undefined ? [] : [cwd])].join(' · ');
  const recorded = `${place} · rec`;
  return state.recording && cut(recorded, cells) === recorded ? recorded : cut(place, cells);
}

/** After so long without an answer a line that was sent is worth a word, ms. */
const LONG_MS = 3_000;

/** A devbox that stalls breaks no connection at first: what is known is how long it has not answered. */
function unanswered({ entries, now }: ReplState): string | undefined {
  const launching = entries.find(({ phase }) => phase === 'launching');
  if (launching?.sentAt === undefined || now - launching.sentAt < LONG_MS) return undefined;
  return `no answer for ${Math.floor((now - launching.sentAt) / 1000)} s`;
}
