import { type EditBuffer, emptyBuffer } from './edit-buffer.ts';
import type { HistoryBrowsing } from './history.ts';
import type { KillRing } from './kill-ring.ts';
import { emptyUndo, rememberStep, type UndoStack } from './undo.ts';

/** Everything the editor knows: an immutable value, changed by applyEdit. */
export interface Editor {
  readonly buffer: EditBuffer;
  readonly killRing: KillRing;
  readonly undo: UndoStack;
  /** Column in cells that going up and down aims at; there only between such moves. */
  readonly goalColumn: number | undefined;
  /** Where in the history the entry comes from; undefined while a draft is edited. */
  readonly browsing: HistoryBrowsing | undefined;
  readonly last: LastAction;
}

/** What the command before was, as far as it changes what the next one means. */
export type LastAction =
  | { readonly kind: 'typed' | 'erased' | 'killed' | 'other' }
  /** The yanked range, which yank-pop replaces, and how far back in the kill ring it was. */
  | { readonly kind: 'yanked'; readonly start: number; readonly age: number };

export const emptyEditor: Editor = {
  buffer: emptyBuffer,
  killRing: [],
  undo: emptyUndo,
  goalColumn: undefined,
  browsing: undefined,
  last: { kind: 'other' },
};

/** The editor for the next entry, after one was submitted: empty, with nothing to undo, the kill ring kept. */
export function nextEntry(editor: Editor): Editor {
  return { ...emptyEditor, killRing: editor.killRing };
}

/** The cursor went somewhere. */
export function withCursor(editor: Editor, buffer: EditBuffer): Editor {
  return { ...editor, buffer, goalColumn: undefined, last: { kind: 'other' } };
}

/**
 * The text was changed by the user, so it is a draft from now on.
 *
 * @param joinsLast true: this belongs to the step of undo that the command before began.
 */
export function withChange(
  editor: Editor,
  buffer: EditBuffer,
  last: LastAction = { kind: 'other' },
  joinsLast = false,
): Editor {
  const undo = joinsLast ? editor.undo : rememberStep(editor.undo, editor.buffer);
  return { ...editor, buffer, undo, goalColumn: undefined, browsing: undefined, last };
}
