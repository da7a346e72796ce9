import { replaceRange } from './edit-buffer.ts';
import { type Editor, withChange } from './editor.ts';
import { motions } from './motions.ts';

export type WordCase = 'upper' | 'lower' | 'capital';

/** Changes the case from the cursor to the end of the word, where the cursor goes. `capital`: its first letter alone. */
export function changeWordCase(editor: Editor, wanted: WordCase): Editor {
  const { buffer } = editor;
  const end = motions.wordRight(buffer);
  const word = buffer.text.slice(buffer.cursor, end);
  if (word === '') return editor;
  return withChange(editor, replaceRange(buffer, buffer.cursor, end, inCase(word, wanted)));
}

function inCase(word: string, wanted: WordCase): string {
  if (wanted === 'upper') return word.toUpperCase();
  const lower = word.toLowerCase();
  return wanted === 'lower' ? lower : lower.replace(/[\p{L}\p{N}]/u, (first) => first.toUpperCase());
}
