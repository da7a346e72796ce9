import { moveTo } from '../edit-buffer.ts';
import type { EditCommand } from '../edit-command.ts';
import type { Editor } from '../editor.ts';
import { previousBorder } from '../graphemes.ts';
import { lineEnd, lineStart } from '../lines.ts';
import type { ViCommand } from './vi-command.ts';
import type { Find } from './vi-motions.ts';

/** A change as `.` repeats it: the command, and what was typed in the insert mode that it began. */
export interface ViChange {
  readonly command: ViCommand;
  readonly edits: readonly EditCommand[];
}

/** What the vi keys know beside the editor. */
export interface Vi {
  readonly mode: 'insert' | 'normal';
  /** The keys of a command of normal mode that has begun. */
  readonly keys: readonly string[];
  readonly lastFind: Find | undefined;
  readonly lastChange: ViChange | undefined;
  /** In insert mode: the change that is being typed, and the steps of undo there were before it. */
  readonly typing: ViChange & { readonly undoDepth: number };
}

const insertCommand: ViCommand = {
  count: 1,
  counted: false,
  operator: undefined,
  name: 'i',
  argument: undefined,
};

export const initialVi: Vi = {
  mode: 'insert',
  keys: [],
  lastFind: undefined,
  lastChange: undefined,
  typing: { command: insertCommand, edits: [], undoDepth: 0 },
};

/** For the next entry: one begins in insert mode; what `.` and `;` repeat stays. */
export function viForNextEntry({ lastFind, lastChange }: Vi): Vi {
  return { ...initialVi, lastFind, lastChange };
}

/** @param before the editor before `command` changed anything: undo goes back there in one step. */
export function enterInsert(vi: Vi, command: ViCommand, before: Editor): Vi {
  return { ...vi, mode: 'insert', typing: { command, edits: [], undoDepth: before.undo.past.length } };
}

/** Escape: back to normal mode, where the cursor stands on a character. What was typed is one step of undo. */
export function leaveInsert(editor: Editor, vi: Vi): { editor: Editor; vi: Vi } {
  const { undoDepth, ...typed } = vi.typing;
  const { text, cursor } = editor.buffer;
  const left = cursor === lineStart(text, cursor) ? cursor : previousBorder(text, cursor);
  // A line begins in insert mode, where nothing may have been typed.
  const isChange = typed.edits.length > 0 || typed.command.name !== 'i';
  const { past } = editor.undo;
  const undo = past.length > undoDepth + 1 ? { past: past.slice(0, undoDepth + 1), future: [] } : editor.undo;
  return {
    editor: {
      ...editor,
      buffer: moveTo(editor.buffer, left),
      undo,
      goalColumn: undefined,
      last: { kind: 'other' },
    },
    vi: { ...vi, mode: 'normal', keys: [], lastChange: isChange ? typed : vi.lastChange },
  };
}

const TYPING: ReadonlySet<EditCommand['type']> = new Set<EditCommand['type']>([
  'insert',
  'paste',
  'new-line',
  'delete-left',
  'kill-word-left',
  'kill-argument-left',
]);

/** Notes what is done in insert mode. Going elsewhere begins anew, as in vi: `.` then repeats what was typed there. */
export function noteTyping(vi: Vi, edit: EditCommand): Vi {
  if (vi.mode !== 'insert') return vi;
  const { typing } = vi;
  if (!TYPING.has(edit.type)) return { ...vi, typing: { ...typing, command: insertCommand, edits: [] } };
  const last = typing.edits.at(-1);
  const edits =
    edit.type === 'insert' && last?.type === 'insert'
      ? [...typing.edits.slice(0, -1), { type: 'insert', text: last.text + edit.text } as const]
      : [...typing.edits, edit];
  return { ...vi, typing: { ...typing, edits } };
}

/** In normal mode the cursor stands on a character, not behind the last one of its line. */
export function ontoCharacter(editor: Editor): Editor {
  const { text, cursor } = editor.buffer;
  if (cursor !== lineEnd(text, cursor) || cursor === lineStart(text, cursor)) return editor;
  return { ...editor, buffer: moveTo(editor.buffer, previousBorder(text, cursor)) };
}
