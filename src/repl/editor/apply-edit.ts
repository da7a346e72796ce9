import { createBuffer, emptyBuffer, insertText, moveTo } from './edit-buffer.ts';
import type { EditCommand } from './edit-command.ts';
import { type Editor, withChange, withCursor } from './editor.ts';
import { kill, yank, yankPop } from './kill.ts';
import { type Motion, motions } from './motions.ts';
import { transpose, transposeWords } from './transpose.ts';
import { erase, typeText } from './typing.ts';
import { stepBack, stepForward } from './undo.ts';
import { moveVertically } from './vertical.ts';
import { changeWordCase } from './word-case.ts';

/**
 * The editor after a command. A command that finds nothing to do leaves text and cursor as they are.
 *
 * @param history earlier commands of this shell, oldest first; needed by the commands that walk through it.
 */
export function applyEdit(editor: Editor, command: EditCommand, history: readonly string[] = []): Editor {
  const { buffer } = editor;
  switch (command.type) {
    case 'insert':
      return typeText(editor, command.text);
    case 'paste':
      return command.text === '' ? editor : withChange(editor, insertText(buffer, command.text));
    case 'new-line':
      return withChange(editor, insertText(buffer, '\n'));
    case 'set-text':
      return withChange(editor, createBuffer(command.text, command.cursor));
    case 'clear':
      return buffer.text === '' ? editor : withChange(editor, emptyBuffer);
    case 'move-left':
      return move(editor, 'left');
    case 'move-right':
      return move(editor, 'right');
    case 'move-word-left':
      return move(editor, 'wordLeft');
    case 'move-word-right':
      return move(editor, 'wordRight');
    case 'move-line-start':
      return move(editor, 'lineStart');
    case 'move-line-end':
      return move(editor, 'lineEnd');
    case 'move-text-start':
      return move(editor, 'textStart');
    case 'move-text-end':
      return move(editor, 'textEnd');
    case 'move-up':
    case 'move-down':
    case 'older-entry':
    case 'newer-entry':
    case 'up-or-older':
    case 'down-or-newer':
      return moveVertically(editor, command.type, history);
    case 'delete-left':
      return erase(editor, motions.left(buffer));
    case 'delete-right':
      return erase(editor, motions.right(buffer));
    case 'kill-to-start':
      return kill(editor, motions.killedToStart(buffer));
    case 'kill-to-end':
      return kill(editor, motions.killedToEnd(buffer));
    case 'kill-word-left':
      return kill(editor, motions.wordLeft(buffer));
    case 'kill-word-right':
      return kill(editor, motions.wordRight(buffer));
    case 'kill-argument-left':
      return kill(editor, motions.argumentLeft(buffer));
    case 'yank':
      return yank(editor);
    case 'yank-pop':
      return yankPop(editor);
    case 'transpose':
      return transpose(editor);
    case 'transpose-words':
      return transposeWords(editor);
    case 'upcase-word':
      return changeWordCase(editor, 'upper');
    case 'downcase-word':
      return changeWordCase(editor, 'lower');
    case 'capitalize-word':
      return changeWordCase(editor, 'capital');
    case 'undo':
    case 'redo':
      return stepThrough(editor, command.type);
  }
}

function move(editor: Editor, motion: Motion): Editor {
  return withCursor(editor, moveTo(editor.buffer, motions[motion](editor.buffer)));
}

function stepThrough(editor: Editor, direction: 'undo' | 'redo'): Editor {
  const step = direction === 'undo' ? stepBack : stepForward;
  const found = step(editor.undo, editor.buffer);
  if (found === undefined) return editor;
  const [buffer, undo] = found;
  return { ...editor, buffer, undo, goalColumn: undefined, browsing: undefined, last: { kind: 'other' } };
}
