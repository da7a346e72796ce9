import { cellsJoined, cellWidth } from './cell-width.ts';
import { DEFAULT_STYLE, type Run, type Style } from './style.ts';

interface Cell {
  text: string;
  readonly style: Style;
}

/** A cell that nothing was written to, or that was erased: a space between others, nothing at the line's end. */
const EMPTY: Cell = { text: ' ', style: DEFAULT_STYLE };
/** The further cells of a wide character or a tab; they go when their first one goes. */
const REST: Cell = { text: '', style: DEFAULT_STYLE };

const TAB_STOP = 8;
/** Code units of one cell: marks stacked beyond it are dropped, so that a cell is bounded as the line is. */
const MAX_CELL_TEXT = 64;

/** One line as a terminal would hold it, with a cursor on it: written over, moved on, erased in. */
export class LineCells {
  #cells: Cell[] = [];
  #column = 0;
  #limit = Number.POSITIVE_INFINITY;

  /**
   * @param limit the cells that the line may grow to by writing.
   * @param runs what it holds already, wider perhaps than the limit: it was measured in code units until now.
   */
  constructor(limit: number, runs: readonly Run[]) {
    for (const run of runs) this.put(run.text, run.style);
    this.#limit = limit;
  }

  /** Whether it is as a new line: nothing written, the cursor at its start. */
  get blank(): boolean {
    return this.#cells.length === 0 && this.#column === 0;
  }

  moveTo(column: number): void {
    this.#column = Math.min(column, this.#limit - 1);
  }

  back(): void {
    this.#column = Math.max(0, this.#column - 1);
  }

  /** @param part 0 from the cursor to the end, 1 from the start to the cursor, 2 all: `CSI K`'s parameter. */
  erase(part: 0 | 1 | 2): void {
    if (part !== 0) this.#clear(0, part === 1 ? this.#column + 1 : this.#cells.length);
    if (part !== 1) {
      this.#clear(this.#column, this.#cells.length);
      this.#cells.length = Math.min(this.#cells.length, this.#column);
    }
    if (part === 2) this.#cells.length = 0;
  }

  /** Writes at the cursor until the text or the line ends; gives the code units that were taken. */
  put(text: string, style: Style): number {
    let at = 0;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code >= 0x20 && code < 0x7f && this.#putNarrow(text.charAt(at), style)) {
        at++;
        continue;
      }
      const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
      if (!this.#putChar(char, style)) break;
      at += char.length;
    }
    return at;
  }

  runs(): Run[] {
    let end = this.#cells.length;
    while (end > 0 && this.#cells[end - 1] === EMPTY) end--;
    const runs: Run[] = [];
    let text = '';
    let style = DEFAULT_STYLE;
    for (const cell of this.#cells.slice(0, end)) {
      if (cell === REST) continue;
      if (cell.style !== style) {
        if (text !== '') runs.push({ text, style });
        text = '';
        style = cell.style;
      }
      text += cell.text;
    }
    if (text !== '') runs.push({ text, style });
    return runs;
  }

  /** ASCII over a narrow character or at the line's end, which is nearly all that a progress bar does. */
  #putNarrow(char: string, style: Style): boolean {
    const column = this.#column;
    if (column >= this.#limit || column > this.#cells.length) return false;
    if (this.#cells[column] === REST || this.#cells[column + 1] === REST) return false;
    this.#cells[column] = { text: char, style };
    this.#column++;
    return true;
  }

  #putChar(char: string, style: Style): boolean {
    if (char === '\t') return this.#tab(style);
    const width = cellWidth(char);
    const before = this.#before();
    const joined = width === 0 ? 0 : before && cellsJoined(before.text, char);
    if (joined !== undefined) {
      if (before && before.text.length < MAX_CELL_TEXT) before.text += char;
      if (joined === 1) this.#widen();
      return true;
    }
    if (this.#column >= this.#limit) return false;
    this.#write(char, style, width);
    return true;
  }

  /** Moves to the next stop; at the line's end the tab itself is kept, so that it copies as one. */
  #tab(style: Style): boolean {
    const stop = (Math.floor(this.#column / TAB_STOP) + 1) * TAB_STOP;
    if (this.#column >= this.#limit) return false;
    if (this.#column >= this.#cells.length) this.#write('\t', style, stop - this.#column);
    else this.#column = stop;
    return true;
  }

  #write(text: string, style: Style, width: number): void {
    while (this.#cells.length < this.#column) this.#cells.push(EMPTY);
    this.#clear(this.#column, this.#column + width);
    this.#cells[this.#column] = { text, style };
    for (let rest = 1; rest < width; rest++) this.#cells[this.#column + rest] = REST;
    this.#column += width;
  }

  #widen(): void {
    this.#clear(this.#column, this.#column + 1);
    this.#cells[this.#column] = REST;
    this.#column++;
  }

  /** Empties cells, and with them the other cells of a wide character that is cut. */
  #clear(from: number, to: number): void {
    let start = from;
    while (this.#cells[start] === REST) start--;
    let end = to;
    while (this.#cells[end] === REST) end++;
    this.#cells.fill(EMPTY, start, Math.min(end, this.#cells.length));
  }

  /** The cell that a combining mark at the cursor belongs to. */
  #before(): Cell | undefined {
    let at = this.#column - 1;
    while (this.#cells[at] === REST) at--;
    const cell = this.#cells[at];
    return cell === EMPTY ? undefined : cell;
  }
}
