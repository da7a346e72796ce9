import { nameOf } from '../../repl/state/queue/command-name.ts';
import { unsent } from '../../repl/state/queue/entries.ts';
import type { ReplState } from '../../repl/state/state.ts';
import { connectionText } from '../../repl/state/status-line.ts';
import { openInput, stdinStatus } from '../../repl/state/stdin-mode.ts';
import { plural } from '../../repl/state/text/plural.ts';

/** What the drawn screen shows beside the output, as sentences: each when it becomes true. */
export function news(before: ReplState, state: ReplState): readonly string[] {
  const looks = [notice, connection, queued, held, reader];
  return looks.flatMap((look) => {
    const told = look(state);
    return told === undefined || told === look(before) ? [] : [told];
  });
}

const notice = (state: ReplState) => state.notice;

/** The seconds to the next try change all the time, and are no news. */
function connection(state: ReplState): string | undefined {
  const { connection: now, devboxTrouble } = state;
  if (now.kind === 'retrying') return `reconnecting: ${now.reason}`;
  return now.kind === 'connected' ? (devboxTrouble ?? 'connected') : connectionText(state);
}

/** The last one: each comes as an event of its own. */
function queued(state: ReplState): string | undefined {
  const last = state.entries.findLast(({ phase, origin }) => phase === 'queued' && origin === 'here');
  return last && `queued ${nameOf(state, last)}`;
}

function held(state: ReplState): string | undefined {
  if (state.hold === undefined) return undefined;
  const lines = plural(unsent(state).length, 'line');
  return `${lines} held, ${state.hold.reason}: Enter sends, :cancel N drops one`;
}

function reader(state: ReplState): string | undefined {
  if (state.inputTo === undefined && openInput(state) !== undefined) {
    return stdinStatus(state)?.replace('Ctrl-T', 'Ctrl-T and Enter');
  }
  return openInput(state)?.waitsForInput ? stdinStatus(state) : undefined;
}

/** What stands before the next line; undefined while a command has the page. */
export function promptText(state: ReplState): string | undefined {
  if (state.inputTo !== undefined || state.terminalLent) return undefined;
  if (state.editor.buffer.text !== '') return '> ';
  return state.entries.length === 0 || state.hold !== undefined ? `${state.shell.name}> ` : undefined;
}
