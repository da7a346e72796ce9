import stringWidth from 'string-width';
import { graphemeSegmenter } from './graphemes.ts';
import { plainWidth, surelyBorder } from './plain-unit.ts';

/** Tab stops lie every 8 cells of the logical line, as in a terminal, whatever row the tab is wrapped to. */
const TAB_CELLS = 8;

/** Tag characters are invisible; only in the flag emoji that begin with U+1F3F4 do they belong to a picture. */
const TAGS = /[\u{E0000}-\u{E007F}]/u;
const BLACK_FLAG = '\u{1F3F4}';

/**
 * What the screen shows for one grapheme of the edited text. Nothing that is in the text may be invisible or act
 * on the terminal: control characters become `^X`, and what has no width (bidi controls, joiners without a
 * neighbour, tag characters) becomes `<U+202E>`.
 *
 * @param column cells from the start of the logical line to the grapheme: tabs need it.
 */
export function shownCluster(cluster: string, column: number): string {
  if (cluster === '\t') return ' '.repeat(TAB_CELLS - (column % TAB_CELLS));
  if (cluster.length === 1) {
    const unit = cluster.charCodeAt(0);
    if (plainWidth(unit) > 0) return cluster;
    if (unit < 0x20 || unit === 0x7f) return `^${String.fromCharCode(unit ^ 0x40)}`;
  }
  if (TAGS.test(cluster) && !cluster.startsWith(BLACK_FLAG)) return namedCodePoints(cluster, TAGS);
  return stringWidth(cluster) === 0 ? namedCodePoints(cluster) : cluster;
}

function namedCodePoints(cluster: string, only?: RegExp): string {
  let shown = '';
  for (const character of cluster) {
    if (only !== undefined && !only.test(character)) shown += character;
    else shown += `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`;
  }
  return shown;
}

/**
 * Called for each grapheme in turn with its UTF-16 range, its width and its column, both in cells.
 * Returning false ends the walk.
 */
export type CellVisitor = (start: number, end: number, width: number, column: number) => boolean | undefined;

/**
 * Walks the graphemes of a part of one logical line: about 20 ns for each plain character (plain-unit.ts), 300 ns for
 * each other one.
 *
 * @param start UTF-16 index of the line's start, from which columns are counted.
 * @param end UTF-16 index on a grapheme border, not beyond the line's end.
 * @param startColumn cells before `start`, when it is not the start of the line.
 */
export function walkCells(
  text: string,
  start: number,
  end: number,
  visit: CellVisitor,
  startColumn = 0,
): void {
  let column = startColumn;
  let index = start;
  while (index < end) {
    const width = plainWidth(text.charCodeAt(index));
    if (width > 0 && (index + 1 === end || surelyBorder(text, index + 1))) {
      if (visit(index, index + 1, width, column) === false) return;
      column += width;
      index += 1;
      continue;
    }
    let runEnd = index + 1;
    while (runEnd < end && !surelyBorder(text, runEnd)) runEnd += 1;
    for (const { segment } of segmentRun(text.slice(index, runEnd))) {
      const cells = clusterCells(segment, column);
      if (visit(index, index + segment.length, cells, column) === false) return;
      column += cells;
      index += segment.length;
    }
  }
}

/** Texts repeat their characters: a look-up instead of string-width, which takes some 10 µs for an emoji. */
const knownCells = new Map<string, number>();
const knownRuns = new Map<string, readonly Intl.SegmentData[]>();
const MAX_KNOWN = 2000;
const MAX_KNOWN_LENGTH = 32;

function clusterCells(cluster: string, column: number): number {
  const known = knownCells.get(cluster);
  if (known !== undefined) return known;
  const cells = stringWidth(shownCluster(cluster, column));
  // A tab's width depends on its column.
  if (cluster !== '\t') remember(knownCells, cluster, cells);
  return cells;
}

function segmentRun(run: string): Iterable<Intl.SegmentData> {
  const known = knownRuns.get(run);
  if (known !== undefined) return known;
  const segments = graphemeSegmenter.segment(run);
  if (run.length <= MAX_KNOWN_LENGTH) remember(knownRuns, run, [...segments]);
  return segments;
}

function remember<Value>(known: Map<string, Value>, key: string, value: Value): void {
  if (key.length > MAX_KNOWN_LENGTH) return;
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(key, value);
}

/** Whether each UTF-16 unit of the range takes one cell: then columns are indexes. 1 ms per million. */
export function isAscii(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20 || unit > 0x7e) return false;
  }
  return true;
}

/** Cells between the start of a logical line and `index`. */
export function columnAt(text: string, lineStart: number, index: number): number {
  if (isAscii(text, lineStart, index)) return index - lineStart;
  let column = 0;
  walkCells(text, lineStart, index, (_start, _end, width, at) => {
    column = at + width;
    return true;
  });
  return column;
}

/** The last border of the line whose column is at most `column`. */
export function indexAtColumn(text: string, lineStart: number, lineEnd: number, column: number): number {
  let index = lineStart;
  walkCells(text, lineStart, lineEnd, (start, end, width, at) => {
    if (at > column) return false;
    index = at + width <= column ? end : start;
    return at + width <= column;
  });
  return index;
}
