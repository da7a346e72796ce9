import { LineCells } from './line-cells.ts';
import { applySgr, DEFAULT_STYLE, type Run, renderRuns } from './style.ts';

export interface LineAssemblerOptions {
  /** Stands before every line, with its own colours. Default ''. */
  readonly prefix?: string;
  /** Code units (cells, once the line was written over) after which a line is handed out in pieces. */
  readonly maxLineLength?: number;
}

/**
 * Makes whole lines of a stream: what `\r`, `\b`, erase-in-line and `CSI G` do to the line before its newline has
 * happened when it comes out, so that a progress bar is its last state. Each line sets the colours it needs and
 * resets them, so that lines of others may stand between.
 *
 * Its input is what a sanitiser with `lineEdits` gives, each sequence whole. Columns are those of one endless
 * row: where a line wraps depends on the terminal and its size at that moment.
 */
export interface LineAssembler {
  /** The lines that are complete now, as one text that ends in a newline, or ''. */
  write(text: string): string;
  /** The unterminated last line as it stands, without prefix and newline. */
  partial(): string;
  /** The same without colours. */
  partialText(): string;
  /** The unterminated line with its prefix, the mark and a newline, or ''; the assembler is as new afterwards. */
  end(mark?: string): string;
}

const MAX_LINE_LENGTH = 16 * 1024;

const ESC = 0x1b;

export function createLineAssembler(options: LineAssemblerOptions = {}): LineAssembler {
  const { prefix = '' } = options;
  // Room for one surrogate pair at least, or a piece could be empty.
  const limit = Math.max(2, options.maxLineLength ?? MAX_LINE_LENGTH);
  const edits = /[\n\r\b\x1b]/g;
  const sequence = /\[([\d;:]*)([mKG])/y;
  let style = DEFAULT_STYLE;
  /** The line while it only grew, and its length; `returned` when the cursor went to its start since. */
  let runs: Run[] = [];
  let length = 0;
  let returned = false;
  /** The line once something was written over or erased. */
  let cells: LineCells | undefined;

  function clear(): void {
    runs = [];
    length = 0;
    returned = false;
    cells = undefined;
  }

  function takeLine(): string {
    const line = renderRuns(cells?.runs() ?? runs);
    clear();
    return `${prefix}${line}\n`;
  }

  function toCells(): LineCells {
    if (cells === undefined) {
      cells = new LineCells(limit, runs);
      if (returned) cells.moveTo(0);
      runs = [];
    }
    return cells;
  }

  function append(text: string): void {
    const last = runs.at(-1);
    if (last?.style.open === style.open) runs[runs.length - 1] = { text: last.text + text, style };
    else runs.push({ text, style });
    length += text.length;
  }

  /** Puts text without newlines; gives the pieces that the line had to be cut into. */
  function put(text: string): string {
    let pieces = '';
    let rest = text;
    while (rest !== '') {
      if (cells !== undefined || returned) {
        rest = rest.slice(toCells().put(rest, style));
      } else {
        const room = roomFor(rest, limit - length);
        if (room > 0) append(rest.slice(0, room));
        rest = rest.slice(room);
      }
      if (rest !== '') pieces += takeLine();
    }
    return pieces;
  }

  function moveTo(column: number): void {
    if (cells !== undefined) cells.moveTo(column);
    else if (column > 0) toCells().moveTo(column);
    else returned = length > 0;
  }

  function erase(part: 0 | 1 | 2): void {
    if (cells === undefined) {
      // At the end of a line, where grep and others erase after each colour, nothing is to its right.
      if (part === 0 && !returned) return;
      if (part !== 1 && returned) clear();
      if (length === 0) return;
    }
    toCells().erase(part);
    if (cells?.blank) clear();
  }

  function apply(parameters: string, final: string): void {
    if (final === 'm') style = applySgr(style, parameters);
    else if (final === 'K') erase(parameters === '1' ? 1 : parameters === '2' ? 2 : 0);
    else moveTo(Math.max(1, Number(parameters)) - 1);
  }

  /** Lines without anything to emulate or colour, the most of all output, are passed on as they are. */
  function passPlain(text: string): string | undefined {
    if (cells !== undefined || returned || style !== DEFAULT_STYLE || runs.length > 1) return undefined;
    if (runs[0] !== undefined && runs[0].style !== DEFAULT_STYLE) return undefined;
    const last = text.lastIndexOf('\n');
    if (last === -1 || /[\r\b\x1b]/.test(text)) return undefined;
    const lines = (runs[0]?.text ?? '') + text.slice(0, last);
    if (hasLongLine(lines, limit)) return undefined;
    clear();
    const whole = prefix === '' ? lines : prefix + lines.replaceAll('\n', `\n${prefix}`);
    return `${whole}\n${put(text.slice(last + 1))}`;
  }

  function write(chunk: string): string {
    const text = chunk.includes('\r\n') ? chunk.replaceAll('\r\n', '\n') : chunk;
    const plain = passPlain(text);
    if (plain !== undefined) return plain;
    let out = '';
    let at = 0;
    while (at < text.length) {
      edits.lastIndex = at;
      const index = edits.test(text) ? edits.lastIndex - 1 : text.length;
      if (index > at) out += put(text.slice(at, index));
      at = index + 1;
      const code = text.charCodeAt(index);
      if (code === 0x0a) out += takeLine();
      else if (code === 0x0d) moveTo(0);
      else if (code === 0x08 && (length > 0 || cells !== undefined)) toCells().back();
      else if (code === ESC) {
        sequence.lastIndex = at;
        const match = sequence.exec(text);
        if (match === null) continue;
        at = sequence.lastIndex;
        apply(match[1] ?? '', match[2] ?? '');
      }
    }
    return out;
  }

  const current = (): readonly Run[] => cells?.runs() ?? runs;

  return {
    write,
    partial: () => renderRuns(current()),
    partialText: () =>
      current()
        .map((run) => run.text)
        .join(''),
    end(mark = '') {
      const line = renderRuns(current());
      clear();
      style = DEFAULT_STYLE;
      return line === '' ? '' : `${prefix}${line}${mark}\n`;
    },
  };
}

/** The code units of a text that fit, without cutting a surrogate pair. */
function roomFor(text: string, room: number): number {
  if (text.length <= room) return text.length;
  const next = text.charCodeAt(room);
  return next >= 0xdc00 && next <= 0xdfff ? room - 1 : room;
}

/** Looks back from each longest possible end of a line: a few steps for each `limit` of text. */
function hasLongLine(text: string, limit: number): boolean {
  let start = 0;
  while (start + limit < text.length) {
    const newline = text.lastIndexOf('\n', start + limit);
    if (newline < start) return true;
    start = newline + 1;
  }
  return false;
}
