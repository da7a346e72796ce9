import type { ExecutionView, OutputStreamName } from '../../api/execution.ts';
import { lateOutputDetail } from '../../api/extension/late-output.ts';
import type { Execution } from '../../sdk/execution.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-status.ts';

export type OutputPart =
  | { readonly kind: 'bytes'; readonly offset: number; readonly bytes: Uint8Array }
  /** What the server no longer holds. */
  | { readonly kind: 'gap'; readonly offset: number; readonly bytes: number };

export interface WhichOutput {
  /** Of what runs, to its end. */
  readonly follow: boolean;
  /** What background jobs wrote after the command's end, in place of its own. */
  readonly late: boolean;
}

/**
 * How far each stream is to be read: to its end, or to what there is now.
 *
 * @throws CliError with status 76 on a server that does not say how much there is
 */
export function lengthSoFar(
  { status, nsh }: ExecutionView,
  stream: OutputStreamName,
  { follow, late }: WhichOutput,
): number | undefined {
  // Without `nsh` the server has none to tell of: reading says so.
  if (late && (follow || nsh === undefined)) return undefined;
  if (late) return lateOutputDetail.parse(nsh)[`late_${stream}_bytes`] ?? 0;
  if (follow || status === 'completed') return undefined;
  if (status === 'queued') return 0;
  if (nsh !== undefined) return nsh[`${stream}_bytes`];
  throw new CliError(
    EXIT.server,
    'the command runs, and this server does not tell how much it has printed so far: --follow prints it to its end.',
  );
}

/** @param until the offset to stop at; undefined: the stream's end, waited for */
export async function* outputParts(
  execution: Execution,
  stream: OutputStreamName,
  until: number | undefined,
  { late, signal }: { readonly late: boolean; readonly signal: AbortSignal },
): AsyncGenerator<OutputPart> {
  if (until === 0) return;
  let offset = 0;
  let gaps: OutputPart[] = [];
  const onGap = ({ from, to, bytes }: { from: number; to: number; bytes: number }) => {
    gaps.push({ kind: 'gap', offset: from, bytes });
    offset = to;
  };
  const pieces = late
    ? execution.lateBytes(stream, { signal, onGap })
    : execution.bytes(stream, { signal, onGap });
  for await (const piece of pieces) {
    yield* gaps;
    gaps = [];
    const bytes = until === undefined ? piece : piece.subarray(0, until - offset);
    if (bytes.length > 0) yield { kind: 'bytes', offset, bytes };
    offset += piece.length;
    if (until !== undefined && offset >= until) return;
  }
  yield* gaps;
}
