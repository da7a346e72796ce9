import type { Link } from '../http/link.ts';
import type { RequestOptions } from '../options.ts';
import { openScope } from '../scope.ts';
import type { ByteRange } from './chunk-cursor.ts';
import { followOutput } from './follow-output.ts';
import { followText } from './follow-text.ts';
import { gapError, type OutputGapCallback, outputGap } from './output-gap.ts';
import { isGap, type OutputPiece, type OutputTarget } from './output-source.ts';

export interface OutputStreamOptions extends Pick<RequestOptions, 'signal'> {
  /**
   * Gets what the server no longer holds, in its place in the stream; a promise is awaited. Without it the loop ends
   * there with an error of kind `output_gap`.
   */
  onGap?: OutputGapCallback | undefined;
}

/**
 * A stream's bytes, pulled: while the consumer is busy nothing is read, and the network slows the sender.
 * Leaving the loop, or the signal, closes the connection.
 */
export async function* outputBytes(
  link: Link,
  target: OutputTarget,
  options?: OutputStreamOptions,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const data of pulled(link, target, options, followOutput)) {
    yield typeof data === 'string' ? encoder.encode(data) : data;
  }
}

/** A stream's text, pulled as its bytes. */
export function outputText(
  link: Link,
  target: OutputTarget,
  options?: OutputStreamOptions,
): AsyncGenerator<string> {
  return pulled(link, target, options, followText);
}

async function* pulled<T extends OutputPiece>(
  link: Link,
  target: OutputTarget,
  options: OutputStreamOptions | undefined,
  follow: (link: Link, target: OutputTarget, signal: AbortSignal) => AsyncGenerator<T>,
): AsyncGenerator<Exclude<T, ByteRange>> {
  const scope = openScope(link.transport.closed, options, 'The output');
  try {
    for await (const piece of follow(link, target, scope.signal)) {
      if (!isGap(piece)) {
        yield piece as Exclude<T, ByteRange>;
        continue;
      }
      const gap = outputGap(target.stream, piece);
      if (options?.onGap === undefined) throw gapError(target.executionId, gap);
      await options.onGap(gap);
    }
  } finally {
    scope.release();
  }
}
