import type { OutputStreamName } from '../../api/execution.ts';
import { abortable } from '../abort.ts';
import { wroteNothing } from '../completion.ts';
import type { Link } from '../http/link.ts';
import type { Place } from '../lane.ts';
import type { ExecuteStreamingCallbacks, RequestOptions } from '../options.ts';
import { openScope } from '../scope.ts';
import { CallbackGate } from './callback-gate.ts';
import { followOutput } from './follow-output.ts';
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
 * @throws what a callback threw, when the others have had the rest: at once if it was alone; else the streams' error
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
  const pump = async (stream: OutputStreamName) => {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    for await (const data of followOutput(link, { ...target, stream }, signal)) {
      const text = typeof data === 'string' ? data : decoder.decode(data, { stream: true });
      if (text !== '') await gate.hand(stream, text);
      if (!gate.wants(stream)) return;
    }
    const rest = decoder.decode();
    if (rest !== '') await gate.hand(stream, rest);
  };
  const streams = (['stdout', 'stderr'] as const).filter((stream) => gate.wants(stream));
  const outcomes = await Promise.allSettled(streams.map(pump));
  gate.throwFailure();
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
}
