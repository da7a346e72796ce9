import { applyEdit } from '../../editor/apply-edit.ts';
import { type Editor, nextEntry } from '../../editor/editor.ts';
import { viForNextEntry } from '../../editor/vi/vi.ts';
import type { ReplState } from '../state.ts';
import { andThen, notice, type Step, step } from '../step.ts';
import { nameOf, nameOfLine } from './command-name.ts';
import { change, find } from './entries.ts';
import type { Entry } from './entry.ts';
import { launchNext } from './launch.ts';
import { enqueue } from './queue.ts';

/**
 * Brings the text of a waiting command into the editor. The command stays in the queue until the edit is sent; one that
 * is not sent yet waits for that, with those behind it. What stood in the editor comes back afterwards.
 */
export function beginEdit(state: ReplState, number: number): Step {
  const entry = find(state, number);
  const why = whyNot(entry);
  if (entry === undefined || why !== undefined) return notice(state, `${nameOfLine(state, number)} ${why}`);
  const draft = state.draft ?? state.editor;
  const editor = applyEdit(nextEntry(state.editor), { type: 'set-text', text: entry.command });
  return step({
    ...state,
    editing: number,
    draft,
    editor,
    vi: viForNextEntry(state.vi),
    queueFocus: undefined,
    inputTo: undefined,
    suggestion: undefined,
  });
}

/** undefined: it can be edited. */
function whyNot(entry: Entry | undefined): string | undefined {
  if (entry === undefined) return 'is not in the queue: it has ended, or never was.';
  if (entry.phase === 'launching') return 'is on its way to the devbox; try again in a moment.';
  if (entry.phase === 'running' || entry.draining) return 'has begun: Ctrl-C interrupts it.';
  return undefined;
}

/** Leaves the command as it was. */
export function giveUpEdit(state: ReplState): Step {
  const { editing } = state;
  if (editing === undefined) return step(state);
  const left = withDraft({ ...state, editing: undefined }, nextEntry(state.editor));
  return andThen(notice(left, `${nameOfLine(left, editing)} stays as it was`), launchNext);
}

/** Enter: the text takes the place of the command, or is sent last when that waits on the devbox. */
export function sendEdit(state: ReplState, number: number): Step {
  const { text } = state.editor.buffer;
  const entry = find(state, number);
  if (entry === undefined || whyNot(entry) !== undefined) {
    // Sent on its own it may do twice what was meant to be done once: that is for a second Enter to say.
    return notice(
      { ...state, editing: undefined },
      `${nameOfLine(state, number)} has begun: Enter sends this line as a new one, Ctrl-C clears it`,
    );
  }
  if (text.trim() === '')
    return notice(state, `An empty line is no command. Ctrl-C leaves ${nameOf(state, entry)} as it was.`);
  if (text === entry.command) return giveUpEdit(state);
  const done = withDraft({ ...state, editing: undefined }, nextEntry(state.editor));
  const remembered = text.startsWith(' ') ? undefined : { command: text, typedAt: state.now };
  if (entry.phase === 'unsent') {
    const { remembered: _, ...rest } = entry;
    const changed = { ...rest, command: text, ...(remembered && { remembered }) };
    const entries = done.entries.map((one) => (one === entry ? changed : one));
    return launchNext({ ...done, entries });
  }
  const sent = enqueue(done, text, {
    replaces: number,
    stdin: entry.stdin !== undefined,
    ...(remembered && { remembered }),
  });
  const name = nameOf(state, entry);
  const cancel = { type: 'cancel', number, name, executionId: entry.executionId ?? '' } as const;
  return andThen(sent, (at) => step(change(at, number, { replacedBy: state.nextNumber }), cancel));
}

/** The editor for what comes next: what stood there before a command of the queue was edited, or empty. */
export function withDraft(state: ReplState, empty: Editor): ReplState {
  const { draft } = state;
  const editor = draft === undefined ? empty : { ...draft, killRing: empty.killRing };
  return { ...state, editor, draft: undefined };
}

/** What stands before the line while a command of the queue is edited. */
export function editPrompt(state: ReplState): string | undefined {
  const { editing } = state;
  return editing === undefined ? undefined : `✎ ${nameOfLine(state, editing)} ❯ `;
}

/** For the status line. */
export function editStatus(state: ReplState): string | undefined {
  const { editing } = state;
  if (editing === undefined) return undefined;
  const entry = find(state, editing);
  const name = nameOfLine(state, editing);
  if (entry === undefined || whyNot(entry) !== undefined) return `${name} has begun`;
  const leave = `Ctrl-C leaves ${name} as it is`;
  return entry.phase === 'unsent'
    ? `Enter changes it in its place · ${leave}`
    : `Enter cancels it and sends this last · ${leave}`;
}
