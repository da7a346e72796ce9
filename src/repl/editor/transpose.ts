import { replaceRange } from './edit-buffer.ts';
import { type Editor, withChange } from './editor.ts';
import { nextBorder, previousBorder } from './graphemes.ts';
import { lineEnd, lineStart } from './lines.ts';

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
