import type { Link } from '../http/link.ts';
import type { ByteRange } from './chunk-cursor.ts';
import { followOutput } from './follow-output.ts';
import type { OutputTarget } from './output-source.ts';
import { PieceDecoder } from './piece-decoder.ts';

/** One output stream as text, as `followOutput`: a character that was cut between two pieces comes whole in the second. */
export async function* followText(
  link: Link,
  target: OutputTarget,
  signal: AbortSignal,
): AsyncGenerator<string | ByteRange> {
  const decoder = new PieceDecoder();
  // Piece by piece: `yield*` of what is not asynchronous costs several promises each.
  for await (const piece of followOutput(link, target, signal)) {
    for (const text of decoder.take(piece)) yield text;
  }
  for (const text of decoder.end()) yield text;
}
