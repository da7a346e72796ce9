import { Writable } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { type FrameCursor, type InkFrame, type InkWrite, readInkWrite } from './ink-frames.ts';

/** The terminal shows what is between them at once. */
const SYNC = { on: '\x1b[?2026h', off: '\x1b[?2026l' } as const;
const CURSOR = { hide: '\x1b[?25l', show: '\x1b[?25h' } as const;
/** A row that is drawn for a size that is no more is cut, not wrapped: it takes one row whatever the terminal has. */
const WRAP = { off: '\x1b[?7l', on: '\x1b[?7h' } as const;
const ERASE_DOWN = '\x1b[J';
/** How long, ms, the size must stay the same before anything is drawn again. */
const SETTLE_MS = 50;
/** Ink has a way of its own with a frame as high as the terminal: it is not told the height. */
const ROWS_FOR_INK = 10_000;

interface Drawn {
  readonly rows: readonly string[];
  readonly cursor: FrameCursor;
}

/**
 * The live frame on the terminal: where it starts, how it is erased, and what is printed above it. Ink says what the
 * frame looks like; its own erasing takes lines of output along when the terminal was resized since.
 *
 * The frame's first row is found by going up from the cursor as many rows as were drawn above it, and never by going
 * down first: a terminal that is made lower drops rows below the cursor. One that is made narrower wraps rows that no
 * longer fit, so there may be more rows above the cursor than were drawn, never fewer: what is left of an old frame
 * may stay above the new one, but no line of output is erased. To count the wrapped rows in would need to know that
 * the terminal wraps, and which size it had when the bytes of the frame came to it; counted wrongly it costs lines.
 * Asking it for the cursor's position (DSR 6) does not tell: the row is the same for many ways in which the rows above
 * may have been wrapped, and the cursor need not stand on its text any more (xterm.js moves it down by each row that
 * a resize adds, below it too).
 * So rows are short (`row-width.ts`), are cut and not wrapped when the terminal is already narrower, and nothing is
 * drawn or printed while it is being resized. Rows that a lower terminal has pushed into its scrollback stay there.
 */
export interface LiveFrame {
  /** What Ink draws on. */
  readonly stdout: NodeJS.WriteStream;
  /** Prints whole lines above the frame; a promise while the terminal is being resized or does not keep up. */
  readonly print: (text: string) => void | Promise<void>;
  /** The terminal has, or may have, another size. */
  readonly resized: () => void;
  /** Draws the frame again as it is. */
  readonly redraw: () => void;
  /** Draws at once what is kept back, and nothing later. */
  readonly end: () => void;
}

/** @param wrote told of all that is written, after it was */
export function createLiveFrame(stdout: WriteStream, wrote: (text: string) => void): LiveFrame {
  let wanted: InkFrame | undefined;
  let drawn: Drawn | undefined;
  let settling: { readonly timer: NodeJS.Timeout; readonly over: PromiseWithResolvers<void> } | undefined;

  const isSettling = () => {
    refreshSize(stdout);
    return settling !== undefined;
  };
  const put = (text: string) => {
    if (text === '') return;
    const whole = `${SYNC.on}${text}${SYNC.off}`;
    stdout.write(whole);
    wrote(whole);
  };

  function erase(): string {
    if (drawn === undefined) return '';
    const { row } = drawn.cursor;
    drawn = undefined;
    return `${CURSOR.hide}${up(row)}\r${ERASE_DOWN}`;
  }

  function draw(): string {
    if (wanted === undefined || wanted.rows.length === 0) return CURSOR.show;
    drawn = fitInto(wanted, stdout.rows - 1);
    const { rows, cursor } = drawn;
    const place = `${up(rows.length - cursor.row)}\x1b[${cursor.column + 1}G`;
    return `${CURSOR.hide}${WRAP.off}${rows.join('\n')}\n${WRAP.on}${place}${CURSOR.show}`;
  }

  function settle(): void {
    if (!refreshSize(stdout)) settleNow();
  }

  function settleNow(): void {
    if (settling === undefined) return;
    clearTimeout(settling.timer);
    const { over } = settling;
    settling = undefined;
    if (drawn !== undefined || wanted !== undefined) put(erase() + draw());
    over.resolve();
  }

  function take(write: InkWrite): void {
    if (write.kind === 'frame') {
      wanted = write.frame;
      if (!isSettling()) put(erase() + draw());
    } else if (write.kind === 'cursor') {
      if (wanted === undefined) return;
      const row = wanted.rows.length - write.rowsUp;
      wanted = { ...wanted, cursor: { column: write.column, row } };
      if (!isSettling()) put(erase() + draw());
    } else if (write.kind === 'clear') {
      wanted = undefined;
      refreshSize(stdout);
      put(erase() + CURSOR.show);
    } else if (write.kind === 'leave' && drawn !== undefined) {
      put(`${down(drawn.rows.length - drawn.cursor.row)}\r`);
      drawn = undefined;
      wanted = undefined;
    }
  }

  function print(text: string): void | Promise<void> {
    if (isSettling()) return settling?.over.promise.then(() => print(text));
    put(erase() + text + draw());
    // A terminal that does not keep up makes Node queue: the pump waits, and folds what is too much.
    if (stdout.writableNeedDrain) return new Promise<void>((resolve) => stdout.once('drain', resolve));
    return undefined;
  }

  return {
    stdout: inkStream(stdout, (text) => take(readInkWrite(text))),
    print,
    resized() {
      if (settling !== undefined) settling.timer.refresh();
      else settling = { timer: setTimeout(settle, SETTLE_MS), over: Promise.withResolvers() };
    },
    redraw() {
      if (!isSettling()) put(erase() + draw());
    },
    end: settleNow,
  };
}

/** The rows around the cursor that are fewer than the terminal has. */
function fitInto({ rows, cursor }: InkFrame, most: number): Drawn {
  const at = cursor ?? { column: 0, row: rows.length };
  const first = Math.max(0, Math.min(at.row, rows.length - most));
  return {
    rows: rows.slice(first, first + Math.max(1, most)),
    cursor: { column: at.column, row: at.row - first },
  };
}

function inkStream(stdout: WriteStream, take: (text: string) => void): NodeJS.WriteStream {
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      take(chunk);
      done();
    },
  });
  Object.defineProperties(stream, {
    isTTY: { value: true },
    columns: { get: () => stdout.columns },
    rows: { value: ROWS_FOR_INK },
  });
  return stream as unknown as NodeJS.WriteStream;
}

/**
 * Asks the terminal for its size; when it has another one Node tells its listeners before this returns. By itself
 * Node asks only once the signal has come through, up to a turn of the event loop late.
 *
 * @returns whether it has another size.
 */
function refreshSize(stdout: WriteStream): boolean {
  const before = `${stdout.columns} ${stdout.rows}`;
  (stdout as { _refreshSize?: () => void })._refreshSize?.();
  return before !== `${stdout.columns} ${stdout.rows}`;
}

const up = (rows: number) => (rows > 0 ? `\x1b[${rows}A` : '');
const down = (rows: number) => (rows > 0 ? `\x1b[${rows}B` : '');
