import type { OutputStreamName } from '../../api/execution.ts';
import { NamedShellError } from '../errors.ts';
import type { ByteRange } from './chunk-cursor.ts';

/** Bytes of a long output that the server no longer holds, so that nobody can fetch them. */
export interface OutputGap {
  readonly stream: OutputStreamName;
  /** How many are missing: `to` - `from`. */
  readonly bytes: number;
  /** Offset in the stream of the first byte that is missing, and of the first one that is there again. */
  readonly from: number;
  readonly to: number;
}

export type OutputGapCallback = (gap: OutputGap) => unknown;

export function outputGap(stream: OutputStreamName, { from, to }: ByteRange): OutputGap {
  return { stream, bytes: to - from, from, to };
}

/** For a consumer that did not say what to do: nothing is ever missing in silence. */
export function gapError(executionId: string, gap: OutputGap): NamedShellError {
  return new NamedShellError(
    'output_gap',
    `Reading ${gap.stream} of execution ${executionId} found a gap: the server no longer holds the ${gap.bytes} bytes from ${gap.from} to ${gap.to}. Give the option onGap to go on without them, or read the last lines with result.${gap.stream}(n).`,
  );
}
