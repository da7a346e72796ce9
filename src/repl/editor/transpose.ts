import { createBuffer, replaceRange } from './edit-buffer.ts';
import { type Editor, withChange } from './editor.ts';
import { nextBorder, previousBorder } from './graphemes.ts';
import { lineEnd, lineStart } from './lines.ts';
import { motions } from './motions.ts';

/** Emacs' transpose-chars: swaps the characters around the cursor; at the end of a line the two before it. */
export function transpose(editor: Editor): Editor {
  const { buffer } = editor;
  const { text, cursor } = buffer;
  const middle = cursor === lineEnd(text, cursor) ? previousBorder(text, cursor) : cursor;
  if (middle <= lineStart(text, cursor)) return editor;
  const start = previousBorder(text, middle);
  const end = nextBorder(text, middle);
  return withChange(
    editor,
    replaceRange(buffer, start, end, text.slice(middle, end) + text.slice(start, middle)),
  );
}

/** Readline's transpose-words: the word before the cursor goes behind the one at or after it, or behind the last. */
export function transposeWords(editor: Editor): Editor {
  const { buffer } = editor;
  const { text } = buffer;
  const secondStart = motions.wordLeft({ text, cursor: motions.wordRight(buffer) });
  const secondEnd = motions.wordRight({ text, cursor: secondStart });
  const firstStart = motions.wordLeft({ text, cursor: secondStart });
  const firstEnd = motions.wordRight({ text, cursor: firstStart });
  if (firstStart === secondStart || firstEnd > secondStart) return editor;
  const swapped =
    text.slice(secondStart, secondEnd) + text.slice(firstEnd, secondStart) + text.slice(firstStart, firstEnd);
  return withChange(editor, replaceRange(createBuffer(text, secondEnd), firstStart, secondEnd, swapped));
}
