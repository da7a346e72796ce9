import type { OutputStreamName } from '../../api/execution.ts';
import { abortable } from '../abort.ts';
import { wroteNothing } from '../completion.ts';
import type { Link } from '../http/link.ts';
import type { Place } from '../lane.ts';
import type { ExecuteStreamingCallbacks, RequestOptions } from '../options.ts';
import { openScope } from '../scope.ts';
import { CallbackGate } from './callback-gate.ts';
import type { ByteRange } from './chunk-cursor.ts';
import { followBothText, tellsOrder } from './follow-both.ts';
import { followText } from './follow-text.ts';
import { gapError, type OutputGap, outputGap } from './output-gap.ts';
import type { OutputTarget } from './output-source.ts';

const STREAMS = ['stdout', 'stderr'] as const;

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
    const gate = new CallbackGate(callbacks, scope.signal);
    const isOrdered = STREAMS.every((stream) => gate.wants(stream)) && (await tellsOrder(link, scope.signal));
    const unseen: OutputGap[] = [];
    const outcomes = await Promise.allSettled(
      isOrdered
        ? [pumpInOrder(link, target, gate, unseen, scope.signal)]
        : pumpApart(link, target, gate, unseen, scope.signal),
    );
    gate.throwFailure();
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason;
    }
    // All that there is was handed out first.
    for (const gap of unseen) throw gapError(target.executionId, gap);
  } finally {
    scope.release();
    place.leave();
  }
}

/** Both streams, one after the other: a callback that is busy holds up both, as it does the program at a terminal. */
async function pumpInOrder(
  link: Link,
  target: Delivery['target'],
  gate: CallbackGate,
  unseen: OutputGap[],
  signal: AbortSignal,
): Promise<void> {
  for await (const { stream, piece } of followBothText(link, target, signal)) {
    await hand(gate, unseen, stream, piece);
    if (!STREAMS.some((one) => gate.wants(one))) return;
  }
}

/** Each stream for itself, where nobody knows how they stand to each other, or only one is wanted. */
function pumpApart(
  link: Link,
  target: Delivery['target'],
  gate: CallbackGate,
  unseen: OutputGap[],
  signal: AbortSignal,
): Promise<void>[] {
  const pump = async (stream: OutputStreamName) => {
    for await (const piece of followText(link, { ...target, stream }, signal)) {
      await hand(gate, unseen, stream, piece);
      if (!gate.wants(stream)) return;
    }
  };
  return STREAMS.filter((stream) => gate.wants(stream)).map(pump);
}

/** No promise of its own: it is called for every piece. */
function hand(
  gate: CallbackGate,
  unseen: OutputGap[],
  stream: OutputStreamName,
  piece: string | ByteRange,
): Promise<unknown> | undefined {
  if (!gate.wants(stream)) return undefined;
  if (typeof piece === 'string') return gate.hand(stream, piece);
  const gap = outputGap(stream, piece);
  return gate.tellGap(gap).then((isSeen) => {
    if (!isSeen) unseen.push(gap);
  });
}
