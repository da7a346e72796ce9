import { fitRanges } from '../../output/fit-ranges.ts';
import { plural } from '../../state/text/plural.ts';
import { blockLines } from './block-lines.ts';
import { createMatcher, tookTooLong } from './bounded-match.ts';
import { type BlockSources, readBlock, readLate } from './read-block.ts';
import { plainOutput } from './render-block.ts';

export interface BlockSearch {
  readonly pattern: string;
  readonly flags: string;
  /** Oldest first. */
  readonly blocks: readonly BlockSources[];
  /** Cells of a row of the screen: what is longer is cut around what matches. */
  readonly columns: number;
  readonly colour: boolean;
  readonly signal: AbortSignal;
}

/** The newest of the lines that match: more do not fit into a scrollback that is to be read. */
const MOST_SHOWN = 200;
/** UTF-16 units that are matched at once. */
const SLICE = 32 * 1024;

interface ShownMatch {
  readonly head: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface SearchFound {
  /** Safe to print: each with the number of its command, and of the line in it. */
  readonly lines: readonly string[];
  /** How many there are, and what could not be searched. */
  readonly told: readonly string[];
}

export async function searchBlocks(search: BlockSearch): Promise<SearchFound> {
  const { blocks, signal } = search;
  const match = createMatcher(search.pattern, search.flags);
  const { dim, strong } = blockLines(search.colour);
  const shown: ShownMatch[] = [];
  const notes: string[] = [];
  const matching = new Set<number>();
  let found = 0;
  const format = ({ head, text, start, end }: ShownMatch) => {
    const cells = Math.max(8, search.columns - 1 - head.length);
    const pieces = fitRanges(text.replaceAll('\t', ' '), [{ start, end }], cells);
    return dim(head) + pieces.map((piece) => (piece.marked ? strong(piece.text) : piece.text)).join('');
  };
  const stopped = (name: string) =>
    `The pattern takes too long on a line of ${name}: the search stopped there. Does it repeat what repeats, as (a+)+ does?`;

  const searchOne = async (sources: BlockSources) => {
    const { name } = sources;
    let before = 0;
    const take = (lines: readonly string[]) => {
      for (const { line, start, end } of match(lines)) {
        found += 1;
        matching.add(sources.block.number);
        shown.push({ head: `${name}:${before + line + 1}: `, text: lines[line] ?? '', start, end });
        if (shown.length > MOST_SHOWN) shown.shift();
      }
      before += lines.length;
    };
    const note = (text: string) => notes.push(`${name}: ${text}`);
    const outputs = [readBlock(sources, signal), readLate(sources, signal)];
    for (const output of outputs) {
      for await (const text of plainOutput(output, note)) {
        for (const lines of slices(text)) {
          take(lines);
          // Keys come first.
          await new Promise(setImmediate);
        }
      }
    }
  };

  for (const sources of blocks) {
    try {
      await searchOne(sources);
    } catch (error) {
      if (!tookTooLong(error)) throw error;
      notes.push(stopped(sources.name));
      break;
    }
  }
  const within = `the output of ${plural(blocks.length, 'command')}`;
  const count =
    found === 0
      ? `No line matches ${search.pattern} in ${within}.`
      : `${found > shown.length ? `the newest ${shown.length} of ` : ''}${plural(found, 'line')} in ${matching.size} of ${plural(blocks.length, 'command')}`;
  return { lines: shown.map(format), told: [...notes, count] };
}

/** Whole lines, some kilobytes of them at a time. */
function* slices(text: string): Generator<readonly string[]> {
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at + SLICE);
    const end = newline < 0 ? text.length : newline + 1;
    yield text.slice(at, end).replace(/\n$/, '').split('\n');
    at = end;
  }
}
