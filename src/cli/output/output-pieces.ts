import type { OutputPiece } from '../../repl/output/spill-format.ts';
import type { Execution } from '../../sdk/execution.ts';
import { GapLine } from './gap-lines.ts';

const STREAMS = ['stdout', 'stderr'] as const;

/** Both streams as text, in their order, with a line of nsh's own where some is missing. */
export async function* outputPieces(
  execution: Pick<Execution, 'chunks'>,
  signal: AbortSignal,
): AsyncGenerator<OutputPiece> {
  const open = () => ({ decoder: new TextDecoder('utf-8', { ignoreBOM: true }), lines: new GapLine() });
  const streams = { stdout: open(), stderr: open() };
  let before: OutputPiece[] = [];
  const end = (stream: OutputPiece['stream']) => {
    // A character that was begun does not go on behind a gap.
    const text = streams[stream].decoder.decode();
    if (text !== '') before.push({ stream, text: streams[stream].lines.pass(text) });
  };
  const chunks = execution.chunks({
    signal,
    onGap(gap) {
      end(gap.stream);
      before.push({ stream: gap.stream, text: streams[gap.stream].lines.line(gap) });
    },
  });
  for await (const { stream, bytes } of chunks) {
    yield* before;
    before = [];
    const { decoder, lines } = streams[stream];
    const text = decoder.decode(bytes, { stream: true });
    if (text !== '') yield { stream, text: lines.pass(text) };
  }
  for (const stream of STREAMS) end(stream);
  yield* before;
}
