import type { OutputStreamName } from '../../api/execution.ts';
import type { Link } from '../http/link.ts';
import { openScope } from '../scope.ts';
import { followText } from './follow-text.ts';
import { LineSplitter } from './line-splitter.ts';
import { merge } from './merge.ts';
import type { OutputStreamOptions } from './output-bytes.ts';
import { gapError, outputGap } from './output-gap.ts';
import type { OutputTarget } from './output-source.ts';

export interface OutputLine {
  readonly stream: OutputStreamName;
  /** Without its line break. The last line of a stream may have had none. */
  readonly line: string;
}

/** Both streams line by line, pulled: while the consumer is busy neither is read. */
export async function* outputLines(
  link: Link,
  target: Omit<OutputTarget, 'stream'>,
  options?: OutputStreamOptions,
): AsyncGenerator<OutputLine> {
  const scope = openScope(link.transport.closed, options, 'The output');
  const names = ['stdout', 'stderr'] as const;
  const splitters = { stdout: new LineSplitter(), stderr: new LineSplitter() };
  const sources = new Map(
    names.map((stream) => [stream, followText(link, { ...target, stream }, scope.signal)] as const),
  );
  try {
    for await (const { key: stream, result } of merge(sources)) {
      const piece = result.done ? undefined : result.value;
      const isText = typeof piece === 'string';
      const lines = isText ? splitters[stream].take(piece) : splitters[stream].end();
      for (const line of lines) yield { stream, line };
      if (piece === undefined || isText) continue;
      const gap = outputGap(stream, piece);
      if (options?.onGap === undefined) throw gapError(target.executionId, gap);
      await options.onGap(gap);
    }
  } finally {
    // Ends what a source waits for: only then can it return, and its connection is closed.
    scope.release();
    await Promise.allSettled([...sources.values()].map((source) => source.return(undefined)));
  }
}
