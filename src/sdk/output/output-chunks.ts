import type { OutputStreamName } from '../../api/execution.ts';
import type { Link } from '../http/link.ts';
import { openScope } from '../scope.ts';
import { followBoth } from './follow-both.ts';
import type { OutputStreamOptions } from './output-bytes.ts';
import { gapError, outputGap } from './output-gap.ts';
import { isGap, type OutputTarget } from './output-source.ts';

/** The next bytes of one of the two streams. */
export interface OutputChunk {
  readonly stream: OutputStreamName;
  readonly bytes: Uint8Array;
}

/** Both streams' bytes, pulled as those of one. */
export async function* outputChunks(
  link: Link,
  target: Omit<OutputTarget, 'stream'>,
  options?: OutputStreamOptions,
): AsyncGenerator<OutputChunk> {
  const scope = openScope(link.transport.closed, options, 'The output');
  const encoder = new TextEncoder();
  try {
    for await (const { stream, piece } of followBoth(link, target, scope.signal)) {
      if (!isGap(piece)) {
        yield { stream, bytes: typeof piece === 'string' ? encoder.encode(piece) : piece };
        continue;
      }
      const gap = outputGap(stream, piece);
      if (options?.onGap === undefined) throw gapError(target.executionId, gap);
      await options.onGap(gap);
    }
  } finally {
    scope.release();
  }
}
