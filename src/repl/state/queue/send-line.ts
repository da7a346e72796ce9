import { isColonCommand } from '../commands/colon-line.ts';
import { addPast } from '../history/past.ts';
import type { ReplState } from '../state.ts';
import { inputToNext } from '../stdin-mode.ts';
import { andThen, type Step, step } from '../step.ts';
import { hintAtTerminal } from '../terminal-hint.ts';
import { enqueue } from './queue.ts';

/**
 * Keeps a line in the history and sends it to the shell, as Enter does.
 *
 * @param text as typed: `\:` and a leading space send what would be the REPL's own
 */
export function sendLine(state: ReplState, text: string, stdin: boolean): Step {
  const command = text.startsWith('\\:') ? text.slice(1) : text;
  const remembered = isKept(text) ? { command: text, typedAt: state.now } : undefined;
  const hinted = andThen(rememberLine(state, text), (at) => hintAtTerminal(at, command, stdin));
  const sent = andThen(hinted, (at) => enqueue(at, command, { ...(remembered && { remembered }), stdin }));
  return stdin ? andThen(sent, inputToNext) : sent;
}

/** Sends a command once more, as if it were typed anew. */
export function sendAgain(state: ReplState, command: string, stdin: boolean): Step {
  return sendLine(state, isColonCommand(command) ? `\\${command}` : command, stdin);
}

/** A leading space keeps a line out of the history, as in bash and fish. */
const isKept = (line: string) => !line.startsWith(' ');

export function rememberLine(state: ReplState, command: string): Step {
  if (!isKept(command)) return step(state);
  const history = state.history.at(-1) === command ? state.history : [...state.history, command];
  const cwd = state.shell.cwd === undefined ? {} : { cwd: state.shell.cwd };
  const kept = addPast({ ...state, history }, { command, at: state.now, ...cwd });
  return step(kept, { type: 'remember', lines: [{ command, typedAt: state.now, ...cwd }] });
}
