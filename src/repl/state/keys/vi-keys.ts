import type { KeyEvent } from '../../editor/key-event.ts';
import { runViKey } from '../../editor/vi/run-vi-key.ts';
import { leaveInsert, ontoCharacter } from '../../editor/vi/vi.ts';
import type { ReplState } from '../state.ts';
import type { Action } from './keymap.ts';

export interface ViKeyDone {
  readonly state: ReplState;
  readonly action?: Action;
  /** Typed text that came in the same read and is still to be looked at. */
  readonly rest: string;
}

export function inNormalMode({ settings, vi }: ReplState): boolean {
  return settings.keys === 'vi' && vi.mode === 'normal';
}

/** In normal mode the cursor stands on a character, whatever brought it there. */
export function withViCursor(state: ReplState): ReplState {
  if (!inNormalMode(state)) return state;
  const editor = ontoCharacter(state.editor);
  return editor === state.editor ? state : { ...state, editor };
}

/**
 * A key that is vi's own: Escape, and in normal mode what is typed. Alt with a character is Escape and the character:
 * typed one after the other they can come in one read, which no program can tell apart.
 *
 * @returns undefined when the ordinary keymap has it.
 */
export function onViKey(state: ReplState, key: KeyEvent): ViKeyDone | undefined {
  if (state.settings.keys !== 'vi') return undefined;
  if (key.type === 'text') return inNormalMode(state) ? runTyped(state, key.text) : undefined;
  if (key.type !== 'key') return undefined;
  if (key.name === 'escape') return { state: toNormalMode(state), rest: '' };
  if (key.alt && !key.ctrl && [...key.name].length === 1) {
    return { state: toNormalMode(state), rest: key.shift ? key.name.toUpperCase() : key.name };
  }
  if (!inNormalMode(state) || key.ctrl || key.alt) return undefined;
  const meant = key.text ?? NAMED[key.name];
  return meant === undefined ? undefined : runTyped(state, meant);
}

/** Keys that do something else than in the keymap. */
const NAMED: Readonly<Record<string, string>> = { backspace: 'h', delete: 'x' };

function toNormalMode(state: ReplState): ReplState {
  if (state.vi.mode === 'normal') return { ...state, vi: { ...state.vi, keys: [] } };
  return { ...state, ...leaveInsert(state.editor, state.vi) };
}

/** Runs the characters up to one that ends normal mode, or asks for something that is not the editor's. */
function runTyped(state: ReplState, text: string): ViKeyDone {
  let { editor, vi } = state;
  let rest = text;
  while (rest !== '' && vi.mode === 'normal') {
    const key = String.fromCodePoint(rest.codePointAt(0) ?? 0);
    rest = rest.slice(key.length);
    const { action, ...next } = runViKey(
      editor,
      vi,
      key === ' ' && vi.keys.length === 0 ? 'l' : key,
      state.history,
    );
    ({ editor, vi } = next);
    if (action !== undefined) return { state: { ...state, editor, vi }, action, rest };
  }
  return { state: { ...state, editor, vi, leaveConfirmed: false }, rest };
}
