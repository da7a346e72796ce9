import type { Link } from '../http/link.ts';
import type { ByteRange } from './chunk-cursor.ts';
import { followOutput } from './follow-output.ts';
import { isGap, type OutputTarget } from './output-source.ts';

/** One output stream as text, as `followOutput`: a character that was cut between two pieces comes whole in the second. */
export async function* followText(
  link: Link,
  target: OutputTarget,
  signal: AbortSignal,
): AsyncGenerator<string | ByteRange> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const piece of followOutput(link, target, signal)) {
    if (piece instanceof Uint8Array) {
      const text = decoder.decode(piece, { stream: true });
      if (text !== '') yield text;
      continue;
    }
    // A character that was begun does not go on behind a gap.
    const rest = isGap(piece) ? decoder.decode() : '';
    if (rest !== '') yield rest;
    yield piece;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}
