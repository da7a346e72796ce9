import { applyEdit } from '../../editor/apply-edit.ts';
import type { EditCommand } from '../../editor/edit-command.ts';
import { nextEntry } from '../../editor/editor.ts';
import type { KeyEvent, KeyPress } from '../../editor/key-event.ts';
import { runViKey } from '../../editor/vi/run-vi-key.ts';
import { noteTyping, viForNextEntry } from '../../editor/vi/vi.ts';
import { isColonCommand } from '../commands/colon-line.ts';
import { shortHelp } from '../commands/help.ts';
import { colonCommands, runColonCommand } from '../commands/registry.ts';
import { complete, onCompletionKey } from '../completion/completion.ts';
import type { Effect } from '../effect.ts';
import { onSearchKey, openSearch } from '../history/search.ts';
import { suggestAfter, takeSuggestion } from '../history/suggestion.ts';
import { leave } from '../leave.ts';
import { hintAtLines } from '../lines-hint.ts';
import { giveUpEdit, sendEdit, withDraft } from '../queue/edit-queued.ts';
import { onQueueKey, openQueue } from '../queue/queue-focus.ts';
import { release } from '../queue/release.ts';
import { rememberLine, sendLine } from '../queue/send-line.ts';
import type { ReplState } from '../state.ts';
import { endInput, sendInput, toggleStdin } from '../stdin-mode.ts';
import { andThen, notice, print, type Step, step } from '../step.ts';
import { keyName, meaningOf, shownKey } from './key-lookup.ts';
import type { Action } from './keymap.ts';
import { interruptRunning, killRunning } from './signals.ts';
import { inNormalMode, onViKey, withViCursor } from './vi-keys.ts';

export function onKey(state: ReplState, key: KeyEvent, unfinished: boolean, more = false): Step {
  if (key.type === 'focus') return step({ ...state, focused: key.focused });
  if (key.type === 'reply') return step(state);
  const fresh = { ...state, notice: undefined, keyPrefix: undefined };
  const { keyPrefix } = state;
  const done = andThen(loadPast(fresh), (at) => {
    const searched = onSearchKey(at, key);
    if (searched === undefined) {
      const queue = onQueueKey(at, key);
      if ('step' in queue) return queue.step;
      const { over, ...completing } = onCompletionKey(queue.left, key);
      return over ? andThen(completing, (on) => onTypedKey(on, key, keyPrefix, unfinished)) : completing;
    }
    const submits = searched.submit === true && !unfinished;
    return submits ? andThen(searched.step, submit) : searched.step;
  });
  return andThen(done, (at) => step(more ? withViCursor(at) : suggestAfter(state, withViCursor(at))));
}

/** The whole history is read when somebody begins to type. */
function loadPast(state: ReplState): Step {
  if (state.past.loaded !== 'no') return step(state);
  return step(
    { ...state, past: { ...state.past, loaded: 'asked' } },
    {
      type: 'load-past',
      most: state.settings['history-max'],
    },
  );
}

type TypedKey = Exclude<KeyEvent, { type: 'focus' | 'reply' }>;

/** Escape and Ctrl-C give an edit up, however much of it is typed; with the vi keys Escape has another meaning. */
function leavesEdit({ editing, settings }: ReplState, key: TypedKey): boolean {
  if (editing === undefined || key.type !== 'key') return false;
  const name = keyName(key);
  return name === 'ctrl+c' || (name === 'escape' && settings.keys !== 'vi');
}

/** With the vi keys, what they have no meaning for goes to the keymap. */
function onTypedKey(state: ReplState, key: TypedKey, prefix: string | undefined, unfinished: boolean): Step {
  if (prefix === undefined && leavesEdit(state, key)) return giveUpEdit(state);
  const vi = prefix === undefined ? onViKey(state, key) : undefined;
  if (vi === undefined) return onLineKey(state, key, prefix, unfinished);
  const done = vi.action === undefined ? step(vi.state) : act(vi.state, vi.action, unfinished);
  if (vi.rest === '') return done;
  return andThen(done, (at) => onKey(at, { type: 'text', text: vi.rest }, false));
}

function onLineKey(state: ReplState, key: TypedKey, prefix: string | undefined, unfinished: boolean): Step {
  switch (key.type) {
    case 'text':
      return edit(state, { type: 'insert', text: key.text });
    case 'paste':
      return hintAtLines(edit(state, { type: 'paste', text: key.text }), key.text);
    case 'key':
      return onKeyPress(state, key, prefix, unfinished);
  }
}

function onKeyPress(state: ReplState, key: KeyPress, prefix: string | undefined, unfinished: boolean): Step {
  const command = meaningOf(key, prefix);
  if (command === undefined && prefix !== undefined) return noSuchSequence(state, prefix, keyName(key));
  if (command === undefined) {
    const typed = !key.ctrl && !key.alt ? key.text : undefined;
    return typed === undefined ? step(state) : edit(state, { type: 'insert', text: typed });
  }
  if (command.do === 'wait') return step({ ...state, keyPrefix: command.prefix });
  if (command.do === 'edit') return edit(state, command.edit);
  return act(state, command.do, unfinished);
}

/** Ctrl-C, Ctrl-G and Escape give a begun sequence up. */
function noSuchSequence(state: ReplState, prefix: string, name: string): Step {
  if (name === 'ctrl+c' || name === 'ctrl+g' || name === 'escape') return step(state);
  return notice(state, `${shownKey(prefix)} ${shownKey(name)} does nothing; :help keys lists the keys.`);
}

function act(state: ReplState, action: Action, unfinished: boolean): Step {
  const empty = state.editor.buffer.text === '';
  switch (action) {
    case 'submit':
      return unfinished ? newLine(state) : submit(state);
    case 'force-submit':
      return submit(state);
    case 'submit-each':
      // The lines come one by one, as they are found.
      return sendsEach(state) ? step(withEmptyEditor(state)) : submit(state);
    case 'interrupt':
      return empty ? interruptRunning(state) : clearLine(state);
    case 'kill':
      return killRunning(state);
    case 'detach-or-delete':
      if (empty && state.inputTo !== undefined) return endInput(state, state.inputTo);
      return empty ? leave(state) : edit(state, { type: 'delete-right' });
    case 'toggle-stdin':
      return toggleStdin(state);
    case 'suspend':
      return step(state, { type: 'suspend' });
    case 'edit-externally':
      return step(
        { ...state, terminalLent: true },
        { type: 'edit-externally', text: state.editor.buffer.text },
      );
    case 'complete':
      // What is typed goes to a program, whose words nobody knows.
      return state.inputTo === undefined ? complete(state) : edit(state, { type: 'insert', text: '\t' });
    case 'focus-queue':
      return openQueue(state);
    case 'search-history':
      return openSearch(state);
    case 'clear-screen':
      return step(state, { type: 'clear-screen' });
    case 'help':
      return step(state, print(shortHelp(colonCommands, state)));
  }
}

function edit(state: ReplState, command: EditCommand): Step {
  const taken = takeSuggestion(state, command);
  if (taken !== undefined) return step(taken);
  const editor = applyEdit(state.editor, command, state.history);
  const vi = state.settings.keys === 'vi' ? noteTyping(state.vi, command) : state.vi;
  return step({ ...state, editor, vi, leaveConfirmed: false });
}

/** In vi's normal mode the cursor stands somewhere in the line, which is not to be cut there. */
function newLine(state: ReplState): Step {
  if (!inNormalMode(state)) return edit(state, { type: 'new-line' });
  const { editor, vi } = runViKey(state.editor, { ...state.vi, keys: [] }, 'o');
  return step({ ...state, editor, vi });
}

/** Undo brings back what a slip of the finger cleared. */
function clearLine(state: ReplState): Step {
  const cleared = edit({ ...state, vi: viForNextEntry(state.vi) }, { type: 'clear' });
  return state.draft === undefined
    ? cleared
    : andThen(cleared, (at) => step(withDraft(at, nextEntry(at.editor))));
}

function withEmptyEditor(state: ReplState): ReplState {
  const { editor, vi } = state;
  return withDraft({ ...state, vi: viForNextEntry(vi), leaveConfirmed: false }, nextEntry(editor));
}

function submit(state: ReplState): Step {
  const { text } = state.editor.buffer;
  if (state.inputTo !== undefined) return sendInput(state, state.inputTo);
  if (text.trim() === '' && state.editing === undefined) {
    const cleared = withEmptyEditor(state);
    return state.hold === undefined ? step(cleared) : release(cleared);
  }
  if (text.includes('\0')) {
    return notice(state, 'The line holds a NUL character, which bash cannot take: delete it and send again.');
  }
  if (state.editing !== undefined) return submitEdit(state, state.editing);
  return enterLine(withEmptyEditor(state), text);
}

const asAnswer = (effect: Effect): Effect => (effect.type === 'print' ? { ...effect, answer: true } : effect);

/** A line of its own: the REPL's, or one for the shell. */
export function enterLine(state: ReplState, text: string): Step {
  if (!isColonCommand(text)) return sendLine(state, text, state.stdinNext);
  const answered = andThen(
    andThen(rememberLine(state, text), (at) => step(at, print(text, 'dim'))),
    (at) => runColonCommand(at, text),
  );
  return { ...answered, effects: answered.effects.map(asAnswer) };
}

/** Whether what is entered is several commands, and not an edit, or input for one. */
export function sendsEach({ inputTo, editing, editor }: ReplState): boolean {
  const { text } = editor.buffer;
  return inputTo === undefined && editing === undefined && text.includes('\n') && !text.includes('\0');
}

function submitEdit(state: ReplState, number: number): Step {
  const { text } = state.editor.buffer;
  const sent = sendEdit(state, number);
  const isSent = sent.state.entries !== state.entries;
  return isSent ? andThen(sent, (at) => rememberLine(at, text)) : sent;
}
