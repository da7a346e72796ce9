/** Where the cursor stands, from the frame's first row. */
export interface FrameCursor {
  readonly column: number;
  readonly row: number;
}

export interface InkFrame {
  readonly rows: readonly string[];
  readonly cursor: FrameCursor | undefined;
}

export type InkWrite =
  | { readonly kind: 'frame'; readonly frame: InkFrame }
  | { readonly kind: 'cursor'; readonly rowsUp: number; readonly column: number }
  | { readonly kind: 'clear' }
  | { readonly kind: 'leave' }
  | { readonly kind: 'nothing' };

const CLEAR = /^(?:\x1b\[\?25l(?:\x1b\[\d+A)?\x1b\[1G\x1b\[J|(?:\x1b\[2K\x1b\[1A)*\x1b\[2K\x1b\[G)$/;
const LEAVE = /^(?:\x1b\[\d+B)?\x1b\[1G$/;
const MODES = /^(?:\x1b\[\?(?:2026|25)[hl])*$/;
const ERASE_BEFORE = /^(?:\x1b\[\?25l(?:\x1b\[\d+B)?\x1b\[1G)?(?:(?:\x1b\[2K\x1b\[1A)*\x1b\[2K\x1b\[G)?/;
const CURSOR_AFTER = /(?:\x1b\[(\d+)A)?\x1b\[(\d+)G\x1b\[\?25h$/;

/**
 * What one write of Ink 8 means: its frame, without the moves of the cursor by which Ink erases the last one. Those
 * hold only for a terminal that is as Ink left it. What a frame shows is sanitised before: it has no move of its own.
 */
export function readInkWrite(text: string): InkWrite {
  if (MODES.test(text)) return { kind: 'nothing' };
  if (CLEAR.test(text)) return { kind: 'clear' };
  if (LEAVE.test(text)) return { kind: 'leave' };
  const withoutErase = text.replace(ERASE_BEFORE, '');
  const cursor = CURSOR_AFTER.exec(withoutErase);
  const body = cursor === null ? withoutErase : withoutErase.slice(0, cursor.index);
  const rowsUp = Number(cursor?.[1] ?? 0);
  const column = Number(cursor?.[2] ?? 1) - 1;
  if (body === '') return { kind: 'cursor', rowsUp, column };
  const rows = body === '\n' ? [] : body.replace(/\n$/, '').split('\n');
  return {
    kind: 'frame',
    frame: { rows, cursor: cursor === null ? undefined : { column, row: rows.length - rowsUp } },
  };
}
