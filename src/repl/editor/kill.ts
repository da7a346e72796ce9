import { insertText, replaceRange } from './edit-buffer.ts';
import { type Editor, withChange } from './editor.ts';
import { addKill, killedText } from './kill-ring.ts';

/** Takes what lies between the cursor and `to` into the kill ring; kills in a row make one entry. */
export function kill(editor: Editor, to: number): Editor {
  const { buffer } = editor;
  const { text, cursor } = buffer;
  if (to === cursor) return editor;
  const killed = text.slice(Math.min(cursor, to), Math.max(cursor, to));
  const join = editor.last.kind === 'killed' ? (to > cursor ? 'after' : 'before') : undefined;
  const changed = withChange(editor, replaceRange(buffer, cursor, to, ''), { kind: 'killed' });
  return { ...changed, killRing: addKill(editor.killRing, killed, join) };
}

export function yank(editor: Editor): Editor {
  const text = killedText(editor.killRing, 0);
  if (text === undefined) return editor;
  const last = { kind: 'yanked', start: editor.buffer.cursor, age: 0 } as const;
  return withChange(editor, insertText(editor.buffer, text), last);
}

/** Directly after a yank: the kill before that one in its place. At any other time it does nothing. */
export function yankPop(editor: Editor): Editor {
  const { buffer, killRing, last } = editor;
  if (last.kind !== 'yanked') return editor;
  const yanked = killedText(killRing, last.age);
  const older = killedText(killRing, last.age + 1);
  if (yanked === undefined || older === undefined) return editor;
  const replaced = replaceRange(buffer, last.start, last.start + yanked.length, older);
  return withChange(editor, replaced, { ...last, age: last.age + 1 }, true);
}
