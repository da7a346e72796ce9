/** Gives the line that stands for so many folded lines, without newline. Its identity tells sources apart. */
export type FoldLabel = (lines: number) => string;

interface Piece {
  text: string;
  bytes: number;
  /** Unset for what is never folded: headers, exit lines, notices. */
  readonly label: FoldLabel | undefined;
  /** Lines that this piece stands for; 0 for a piece that is still text. */
  folded: number;
  /** The number of the last write that is in here. */
  last: number;
}

/**
 * Small writes of one source are joined up to this part of the largest piece: a piece per line would cost more
 * than its text, and one much larger could not be kept or folded in part.
 */
const JOINED_PART = 1 / 4;

/** The lines that wait for the terminal, in order, bounded by folding the middle of what may be folded. */
export class Backlog {
  #pieces: Piece[] = [];
  #bytes = 0;
  #foldable = 0;
  #fixed = 0;
  readonly #maxPieceBytes: number;
  readonly #capBytes: number;

  constructor(maxPieceBytes: number, capBytes: number) {
    this.#maxPieceBytes = maxPieceBytes;
    this.#capBytes = capBytes;
  }

  /** UTF-8 bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  get empty(): boolean {
    return this.#pieces.length === 0;
  }

  /** The next thing to write stands for folded lines, and nothing that may not be folded waits behind it. */
  get foldIsOpen(): boolean {
    return (this.#pieces[0]?.folded ?? 0) > 0 && this.#fixed === 0;
  }

  /** @param lines whole lines, ending in a newline. */
  push(lines: string, label: FoldLabel | undefined, sequence: number): void {
    for (let at = 0; at < lines.length; ) {
      const end = this.#pieceEnd(lines, at);
      const whole = end === lines.length;
      // A write is through with its last piece.
      this.#add(at === 0 && whole ? lines : lines.slice(at, end), label, whole ? sequence : sequence - 1);
      at = end;
    }
    if (this.#foldable > this.#capBytes) this.#fold();
  }

  /** Takes what may be written at once: about `maxBytes`, at least one piece, nothing from a fold on behind others. */
  take(maxBytes: number): { text: string; last: number } {
    let text = '';
    let bytes = 0;
    let last = 0;
    let count = 0;
    for (const piece of this.#pieces) {
      if (count > 0 && (piece.folded > 0 || bytes + piece.bytes > maxBytes)) break;
      text += piece.folded > 0 && piece.label ? `${piece.label(piece.folded)}\n` : piece.text;
      bytes += piece.bytes;
      last = piece.last;
      if (piece.label === undefined) this.#fixed--;
      else this.#foldable -= piece.bytes;
      count++;
    }
    this.#pieces.splice(0, count);
    this.#bytes -= bytes;
    return { text, last };
  }

  #add(text: string, label: FoldLabel | undefined, sequence: number): void {
    const bytes = Buffer.byteLength(text);
    this.#bytes += bytes;
    if (label !== undefined) this.#foldable += bytes;
    const last = this.#pieces.at(-1);
    if (last && label !== undefined && last.label === label && last.folded === 0) {
      if (last.bytes + bytes <= this.#maxPieceBytes * JOINED_PART) {
        last.text += text;
        last.bytes += bytes;
        last.last = sequence;
        return;
      }
    }
    if (label === undefined) this.#fixed++;
    this.#pieces.push({ text, bytes, label, folded: 0, last: sequence });
  }

  /** Ends after the last newline within the bound, or after the first one when a single line is longer. */
  #pieceEnd(lines: string, from: number): number {
    const max = this.#maxPieceBytes;
    if (lines.length - from <= max / 3) return lines.length;
    const fits = Buffer.byteLength(lines.slice(from, from + max)) <= max;
    if (fits && from + max >= lines.length) return lines.length;
    // A code unit is at most three bytes.
    const units = fits ? max : Math.floor(max / 3);
    const newline = lines.lastIndexOf('\n', from + units - 1);
    return (newline >= from ? newline : lines.indexOf('\n', from + units)) + 1;
  }

  /**
   * Keeps a quarter of the cap at the front, which is what comes next on the screen, and a quarter at the end,
   * and folds what may be folded between. Half of the cap is freed each time, so the cost per byte is constant.
   */
  #fold(): void {
    const share = this.#capBytes / 4;
    const pieces = this.#pieces;
    let start = 0;
    for (let head = 0; start < pieces.length && (pieces[start]?.folded ?? 0) === 0; start++) {
      head += foldableBytes(pieces[start]);
      if (head > share) break;
    }
    // The last piece stays whatever its size: the newest line is what one wants to see.
    let end = pieces.length - 1;
    for (let tail = foldableBytes(pieces[end]); end > start; end--) {
      tail += foldableBytes(pieces[end - 1]);
      if (tail > share) break;
    }
    const kept = pieces.slice(0, start);
    for (const piece of pieces.slice(start, end)) {
      if (piece.label === undefined) {
        kept.push(piece);
        continue;
      }
      this.#bytes -= piece.bytes;
      this.#foldable -= piece.bytes;
      const before = kept.at(-1);
      if (before && before.folded > 0 && before.label === piece.label) {
        before.folded += linesOf(piece);
        before.last = piece.last;
      } else {
        kept.push({ text: '', bytes: 0, label: piece.label, folded: linesOf(piece), last: piece.last });
      }
    }
    this.#pieces = kept.concat(pieces.slice(end));
  }
}

function foldableBytes(piece: Piece | undefined): number {
  return piece?.label === undefined ? 0 : piece.bytes;
}

function linesOf(piece: Piece): number {
  if (piece.folded > 0) return piece.folded;
  let lines = 0;
  for (let at = piece.text.indexOf('\n'); at !== -1; at = piece.text.indexOf('\n', at + 1)) lines++;
  return lines;
}
