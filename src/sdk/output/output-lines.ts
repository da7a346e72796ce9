import type { OutputStreamName } from '../../api/execution.ts';
import type { Link } from '../http/link.ts';
import { openScope } from '../scope.ts';
import { followBothText } from './follow-both.ts';
import { LineSplitter } from './line-splitter.ts';
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
  const splitters = { stdout: new LineSplitter(), stderr: new LineSplitter() };
  try {
    for await (const { stream, piece } of followBothText(link, target, scope.signal)) {
      const isText = typeof piece === 'string';
      const lines = isText ? splitters[stream].take(piece) : splitters[stream].end();
      for (const line of lines) yield { stream, line };
      if (isText) continue;
      const gap = outputGap(stream, piece);
      if (options?.onGap === undefined) throw gapError(target.executionId, gap);
      await options.onGap(gap);
    }
    for (const stream of ['stdout', 'stderr'] as const) {
      for (const line of splitters[stream].end()) yield { stream, line };
    }
  } finally {
    scope.release();
  }
}
