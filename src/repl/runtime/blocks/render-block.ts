import { createBlockWriter } from '../../output/block-writer.ts';
import { sanitiseText } from '../../output/sanitise-text.ts';
import { blockLines } from './block-lines.ts';
import { type BlockPiece, type BlockSources, readBlock, readLate } from './read-block.ts';

/** A block as it stood in the scrollback, whole, as text that is safe for any terminal: with colours, or without. */
export async function* renderBlock(
  sources: BlockSources,
  colour: boolean,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { block, name } = sources;
  const { report } = block;
  const lines = blockLines(colour);
  yield lines.header({ ...block, name });
  const end = report && lines.exit(report);
  yield* renderOutput(readBlock(sources, signal), { colour, ...(end === undefined ? {} : { end }) });
  yield* renderOutput(readLate(sources, signal), { colour, gutter: lines.lateGutter(name) });
}

/**
 * The output alone, as plain text: no escapes, no mark on stderr; for the clipboard, and to search.
 *
 * @param onNote gets what is to be said about it, as in `readBlock`
 */
export function plainOutput(
  pieces: AsyncIterable<BlockPiece>,
  onNote: (note: string) => void,
): AsyncGenerator<string> {
  const gutter = { stdout: '', stderr: '' };
  return renderOutput(pieces, { colour: false, gutter, unfinishedMark: '', onNote });
}

/** More than can be copied, UTF-16 units: what is copied has no line break that the program did not print. */
const LONGEST_LINE = 128 * 1024;

interface RenderOptions {
  readonly colour: boolean;
  readonly gutter?: { readonly stdout: string; readonly stderr: string };
  readonly unfinishedMark?: string;
  readonly onNote?: (note: string) => void;
  readonly end?: string;
}

async function* renderOutput(
  pieces: AsyncIterable<BlockPiece>,
  { onNote, end, ...style }: RenderOptions,
): AsyncGenerator<string> {
  const { dim } = blockLines(style.colour);
  let out = '';
  const pump = {
    write(lines: string) {
      if (lines !== '') out += lines.endsWith('\n') ? lines : `${lines}\n`;
    },
    ready: () => Promise.resolve(),
  };
  const writer = createBlockWriter({ pump, foldLabel: String, maxLineLength: LONGEST_LINE, ...style });
  const take = () => {
    const taken = out;
    out = '';
    return taken;
  };
  for await (const piece of pieces) {
    if ('note' in piece) {
      if (onNote !== undefined) {
        onNote(piece.note);
        continue;
      }
      writer.end();
      writer.line(dim(sanitiseText(piece.note)));
    } else void writer.write(piece.stream, piece.text);
    if (out !== '') yield take();
  }
  writer.end(end);
  if (out !== '') yield take();
}
