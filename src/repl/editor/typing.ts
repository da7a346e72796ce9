import { insertText, replaceRange } from './edit-buffer.ts';
import { type Editor, withChange } from './editor.ts';

/** Typed text. One step of undo takes back a word with the white space behind it, not a single character. */
export function typeText(editor: Editor, text: string): Editor {
  if (text === '') return editor;
  const { buffer, last } = editor;
  const left = buffer.text.slice(Math.max(0, buffer.cursor - 1), buffer.cursor);
  const beginsWord = /\s/.test(left) && /^\S/.test(text);
  const joins = last.kind === 'typed' && !beginsWord;
  return withChange(editor, insertText(buffer, text), { kind: 'typed' }, joins);
}

/** Deletes between the cursor and `to`, without the kill ring. Repeated, it is one step of undo. */
export function erase(editor: Editor, to: number): Editor {
  const { buffer, last } = editor;
  if (to === buffer.cursor) return editor;
  const erased = replaceRange(buffer, buffer.cursor, to, '');
  return withChange(editor, erased, { kind: 'erased' }, last.kind === 'erased');
}
