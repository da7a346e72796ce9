import { createBuffer, insertText, moveTo, replaceRange } from '../edit-buffer.ts';
import { type Editor, withChange, withCursor } from '../editor.ts';
import { nextBorder, previousBorder } from '../graphemes.ts';
import { addKill, killedText } from '../kill-ring.ts';
import { lineEnd, lineStart } from '../lines.ts';
import type { Operator } from './vi-command.ts';
import { firstNonBlank, type Target } from './vi-motions.ts';

/** What an operator takes: whole lines when `lines`, without the line feed that ends the last. */
interface Range {
  readonly start: number;
  readonly end: number;
  readonly lines: boolean;
}

function rangeTo(text: string, cursor: number, { index, reach }: Target): Range {
  const [start, last] = [Math.min(cursor, index), Math.max(cursor, index)];
  if (reach === 'lines') return { start: lineStart(text, start), end: lineEnd(text, last), lines: true };
  return {
    start,
    end: reach === 'inclusive' ? Math.min(nextBorder(text, last), text.length) : last,
    lines: false,
  };
}

/** Deletes, changes (leaves the place to type in) or copies what lies between the cursor and a target. */
export function operate(editor: Editor, operator: Operator, target: Target): Editor {
  const { buffer } = editor;
  const { text, cursor } = buffer;
  const range = rangeTo(text, cursor, target);
  if (range.start === range.end && !range.lines) return editor;
  // The kill ring is the register. What ends in a line feed was taken, and is put, as lines.
  const taken = text.slice(range.start, range.end) + (range.lines ? '\n' : '');
  const copied: Editor = { ...editor, killRing: addKill(editor.killRing, taken, undefined) };
  if (operator === 'y') return range.lines ? copied : withCursor(copied, moveTo(buffer, range.start));
  if (operator === 'c' || !range.lines) {
    return withChange(copied, replaceRange(buffer, range.start, range.end, ''));
  }
  const isLast = range.end === text.length;
  const start = isLast ? Math.max(0, range.start - 1) : range.start;
  const left = replaceRange(buffer, start, isLast ? range.end : range.end + 1, '').text;
  return withChange(copied, createBuffer(left, firstNonBlank(left, Math.min(range.start, left.length))));
}

/** Puts what was taken last behind the cursor, or before it; lines go below or above the line. */
export function put(editor: Editor, where: 'behind' | 'before', count: number): Editor {
  const { buffer } = editor;
  const { text, cursor } = buffer;
  const taken = killedText(editor.killRing, 0);
  if (taken === undefined) return editor;
  if (!taken.endsWith('\n')) {
    const at = where === 'behind' && cursor < lineEnd(text, cursor) ? nextBorder(text, cursor) : cursor;
    const inserted = insertText(moveTo(buffer, at), taken.repeat(count));
    return withChange(editor, moveTo(inserted, previousBorder(inserted.text, inserted.cursor)));
  }
  const lines = taken.repeat(count);
  const end = lineEnd(text, cursor);
  const [at, inserted, cursorAt] =
    where === 'before'
      ? [lineStart(text, cursor), lines, lineStart(text, cursor)]
      : [end, `\n${lines.slice(0, -1)}`, end + 1];
  const next = replaceRange(buffer, at, at, inserted).text;
  return withChange(editor, createBuffer(next, firstNonBlank(next, cursorAt)));
}
