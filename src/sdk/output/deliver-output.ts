import type { OutputStreamName } from '../../api/execution.ts';
import { abortable } from '../abort.ts';
import { wroteNothing } from '../completion.ts';
import type { Link } from '../http/link.ts';
import type { Place } from '../lane.ts';
import type { ExecuteStreamingCallbacks, RequestOptions } from '../options.ts';
import { openScope } from '../scope.ts';
import { CallbackGate } from './callback-gate.ts';
import { followText } from './follow-text.ts';
import { gapError, type OutputGap, outputGap } from './output-gap.ts';
import type { OutputTarget } from './output-source.ts';

export interface Delivery {
  readonly target: Omit<OutputTarget, 'stream'>;
  readonly callbacks: ExecuteStreamingCallbacks;
  /** The streams are opened when it is this execution's turn: one that waits in the queue holds no connection. */
  readonly place: Place;
  readonly options: RequestOptions | undefined;
}

export function wantsOutput(callbacks: ExecuteStreamingCallbacks): boolean {
  return Boolean(callbacks.stdout || callbacks.stderr || callbacks.output);
}

/**
 * Hands an execution's output to its callbacks, to the last byte that its foreground wrote.
 *
 * @throws what a callback threw, when the others have had the rest: at once if it was alone; else the streams' error,
 *   one of kind `output_gap` when nobody was there to be told of a gap
 */
export async function deliverOutput(link: Link, delivery: Delivery): Promise<void> {
  const { target, callbacks, place } = delivery;
  const scope = openScope(link.transport.closed, delivery.options, 'The output');
  try {
    await abortable(Promise.race([place.turn, target.completion.reached]), scope.signal);
    // Cancelled in the queue, or silent: done, whoever is still in front.
    if (target.completion.view && wroteNothing(target.completion.view)) return;
    await abortable(place.turn, scope.signal);
    await pumpStreams(link, target, new CallbackGate(callbacks, scope.signal), scope.signal);
  } finally {
    scope.release();
    place.leave();
  }
}

async function pumpStreams(
  link: Link,
  target: Delivery['target'],
  gate: CallbackGate,
  signal: AbortSignal,
): Promise<void> {
  const { executionId } = target;
  const unseen: OutputGap[] = [];
  const pump = async (stream: OutputStreamName) => {
    for await (const piece of followText(link, { ...target, stream }, signal)) {
      if (typeof piece === 'string') await gate.hand(stream, piece);
      else {
        const gap = outputGap(stream, piece);
        if (!(await gate.tellGap(gap))) unseen.push(gap);
      }
      if (!gate.wants(stream)) return;
    }
  };
  const streams = (['stdout', 'stderr'] as const).filter((stream) => gate.wants(stream));
  const outcomes = await Promise.allSettled(streams.map(pump));
  gate.throwFailure();
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
  // All that there is was handed out first.
  for (const gap of unseen) throw gapError(executionId, gap);
}
