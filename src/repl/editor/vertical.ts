import { moveTo } from './edit-buffer.ts';
import type { VerticalCommand } from './edit-command.ts';
import type { Editor } from './editor.ts';
import { type HistoryStep, newerEntry, olderEntry } from './history.ts';
import { cursorColumn, indexAbove, indexBelow } from './lines.ts';
import { rememberStep } from './undo.ts';

/** Up and down, by line and through the history. */
export function moveVertically(editor: Editor, command: VerticalCommand, history: readonly string[]): Editor {
  switch (command) {
    case 'move-up':
      return moveByLine(editor, indexAbove) ?? editor;
    case 'move-down':
      return moveByLine(editor, indexBelow) ?? editor;
    case 'older-entry':
      return recall(editor, olderEntry(history, editor.browsing, editor.buffer));
    case 'newer-entry':
      return recall(editor, editor.browsing && newerEntry(editor.browsing));
    case 'up-or-older':
      return moveByLine(editor, indexAbove) ?? moveVertically(editor, 'older-entry', history);
    case 'down-or-newer':
      return moveByLine(editor, indexBelow) ?? moveVertically(editor, 'newer-entry', history);
  }
}

/** Browsing goes on: moving inside a recalled entry does not make it a draft. */
function moveByLine(editor: Editor, find: typeof indexAbove): Editor | undefined {
  const { buffer } = editor;
  let goalColumn = editor.goalColumn;
  // Asked for only where there is a line to go to: in a very long line it takes time.
  const goal = () => {
    goalColumn ??= cursorColumn(buffer);
    return goalColumn;
  };
  const index = find(buffer, goal);
  if (index === undefined) return undefined;
  return { ...editor, buffer: moveTo(buffer, index), goalColumn, last: { kind: 'other' } };
}

/**
 * However many entries were looked at, one step of undo goes back to the draft; back at the draft by going down,
 * that step is taken off again.
 */
function recall(editor: Editor, step: HistoryStep | undefined): Editor {
  if (step === undefined) return editor;
  const recalled = { ...editor, ...step, goalColumn: undefined, last: { kind: 'other' } } as const;
  if (editor.browsing === undefined) return { ...recalled, undo: rememberStep(editor.undo, editor.buffer) };
  if (step.browsing !== undefined) return recalled;
  return { ...recalled, undo: { past: editor.undo.past.slice(0, -1), future: [] } };
}
