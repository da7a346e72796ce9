import { nextEntry } from '../editor/editor.ts';
import { nameOf, nameOfLine } from './queue/command-name.ts';
import { change, find } from './queue/entries.ts';
import type { Entry, InputPart } from './queue/entry.ts';
import type { ReplState } from './state.ts';
import { andThen, notice, print, type Step, step } from './step.ts';

/** Ctrl-T: stdin for the next line, or whose line it is while a command with stdin runs. */
export function toggleStdin(state: ReplState): Step {
  if (state.inputTo !== undefined) return step({ ...state, inputTo: undefined });
  if (state.stdinNext) return step({ ...state, stdinNext: false });
  const reader = openInput(state);
  return step(reader === undefined ? { ...state, stdinNext: true } : { ...state, inputTo: reader.number });
}

/**
 * A line with stdin was sent. With nothing before it what is typed from now on is for it; otherwise the keys stay with
 * the queue until Ctrl-T: a command that begins takes no half typed line.
 */
export function inputToNext(state: ReplState): Step {
  const [first, second] = state.entries;
  const next = { ...state, stdinNext: false };
  const taken = first !== undefined && second === undefined ? { ...next, inputTo: first.number } : next;
  if (state.stdin !== 'unproven') return step(taken);
  const doubt =
    'This devbox does not say whether stdin reaches commands of a named shell: if what you type does not, Ctrl-C ends the wait.';
  return step({ ...taken, stdin: 'told' }, print(doubt, 'dim'));
}

/** Enter, while what is typed goes to a command. */
export function sendInput(state: ReplState, number: number): Step {
  const { text } = state.editor.buffer;
  const entry = find(state, number);
  if (entry === undefined) {
    const left = { ...state, inputTo: undefined };
    return notice(
      left,
      `${nameOfLine(state, number)} has ended: Enter sends the line to the shell, Ctrl-C clears it`,
    );
  }
  const cleared = { ...state, editor: nextEntry(state.editor) };
  return give(cleared, entry, { text: `${text}\n` }, text);
}

/** Ctrl-D on an empty line, while what is typed goes to a command. */
export function endInput(state: ReplState, number: number): Step {
  const left = { ...state, inputTo: undefined };
  const entry = find(state, number);
  return entry === undefined
    ? step(left)
    : give(change(left, number, { stdin: 'ended' }), entry, 'end', '(EOF)');
}

function give(state: ReplState, entry: Entry, part: InputPart, shown: string): Step {
  const { number, input = [] } = entry;
  return step(
    { ...change(state, number, { input: [...input, part] }), inputWaits: true },
    print(`${nameOf(state, entry)} ◂ ${shown}`, 'dim'),
  );
}

/** Hands over what was typed for a command once it runs, and notices when it has ended. */
export function passInput(before: ReplState, state: ReplState): Step {
  if (before.entries === state.entries && before.inputTo === state.inputTo) return step(state);
  if (!state.inputWaits) return step(withoutReader(state));
  const unread = before.entries.filter(({ number, input }) => input?.length && !find(state, number));
  const told = unread.map((entry) =>
    print(`${nameOf(state, entry)} ended before it was given what was typed for it`, 'error'),
  );
  const waiting = state.entries.filter(({ input }) => input?.length);
  const ready = waiting.filter(({ phase, executionId }) => phase === 'running' && executionId !== undefined);
  const inputWaits = waiting.length > ready.length;
  return ready.reduce(pass, step(withoutReader({ ...state, inputWaits }), ...told));
}

function pass(before: Step, entry: Entry): Step {
  const { number, executionId = '', input = [] } = entry;
  return andThen(before, (at) =>
    step(
      change(at, number, { input: [], waitsForInput: false }),
      ...input.map((part) => ({ type: 'send-input', name: nameOf(at, entry), executionId, part }) as const),
    ),
  );
}

/** A line that was begun for a command that has ended is not sent to the shell by the Enter that was meant for it. */
function withoutReader(state: ReplState): ReplState {
  const { inputTo } = state;
  if (inputTo === undefined || state.editor.buffer.text !== '' || find(state, inputTo)) return state;
  return { ...state, inputTo: undefined };
}

/** The running command that takes input still. */
export function openInput({ entries }: ReplState): Entry | undefined {
  return entries.find(({ phase, stdin, draining }) => phase === 'running' && stdin === 'open' && !draining);
}

/** What stands before the line while Enter does not send it to the shell as usual. */
export function stdinPrompt(state: ReplState): string | undefined {
  if (state.inputTo !== undefined) return `${nameOfLine(state, state.inputTo)} ◂ `;
  return state.stdinNext ? '◂❯ ' : undefined;
}

/** For the status line: who reads, and the keys. */
export function stdinStatus(state: ReplState): string | undefined {
  const { inputTo } = state;
  if (state.stdinNext && inputTo === undefined) return 'next line gets stdin · Ctrl-T: without';
  const reader = inputTo === undefined ? openInput(state) : find(state, inputTo);
  if (reader === undefined)
    return inputTo === undefined ? undefined : `${nameOfLine(state, inputTo)} has ended`;
  const { waitsForInput } = reader;
  const name = nameOf(state, reader);
  if (inputTo !== undefined) {
    return `${waitsForInput ? `${name} waits for input` : `to ${name}`} · Ctrl-D: EOF · Ctrl-T: queue`;
  }
  return waitsForInput ? `${name} waits for input · Ctrl-T types to it` : `Ctrl-T types to ${name}`;
}
