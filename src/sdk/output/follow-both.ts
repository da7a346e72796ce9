import { ORDERED_OUTPUT_CAPABILITY } from '../../api/extension/ordered-output.ts';
import type { Link } from '../http/link.ts';
import { isDrained } from './drained.ts';
import { followOutput } from './follow-output.ts';
import { merge } from './merge.ts';
import { readOrdered } from './ordered-connection.ts';
import { type OutputTarget, type Positions, type StreamPiece, streamStart } from './output-source.ts';
import { overConnections } from './over-connections.ts';
import { PieceDecoder, type StreamText } from './piece-decoder.ts';

const STREAMS = ['stdout', 'stderr'] as const;

/**
 * Both streams of an execution from byte 0, each as by `followOutput`, in the order in which the server saw them grow. A
 * server that does not tell it (the service) gives them in the order of their arrival: best effort.
 *
 * @throws as `overConnections`
 */
export async function* followBoth(
  link: Link,
  target: Omit<OutputTarget, 'stream'>,
  signal: AbortSignal,
): AsyncGenerator<StreamPiece> {
  const positions: Positions = { stdout: streamStart(), stderr: streamStart() };
  const sum = (of: (stream: (typeof STREAMS)[number]) => number) => of('stdout') + of('stderr');
  const isWhole = yield* overConnections(
    link,
    {
      ...target,
      name: 'the output',
      length: () => sum((stream) => positions[stream].next),
      connect: async () => {
        if (!(await tellsOrder(link, signal))) return undefined;
        return { pieces: readOrdered(link, target, positions, signal), cleanEnd: 'end' };
      },
      isDrained: (view) => STREAMS.every((stream) => isDrained(view, stream, positions[stream])),
      stated: ({ nsh }) => nsh && sum((stream) => nsh[`${stream}_bytes`]),
    },
    signal,
  );
  if (!isWhole) yield* followApart(link, target, signal, positions);
}

/** Whether the server tells how the bytes of one stream stand to those of the other. */
export function tellsOrder(link: Link, signal: AbortSignal): Promise<boolean> {
  return link.engine.offers(ORDERED_OUTPUT_CAPABILITY, link, signal);
}

/** The same as text: a character that was cut between two pieces of its stream comes whole in the second. */
export async function* followBothText(
  link: Link,
  target: Omit<OutputTarget, 'stream'>,
  signal: AbortSignal,
): AsyncGenerator<StreamText> {
  const decoders = { stdout: new PieceDecoder(), stderr: new PieceDecoder() };
  for await (const { stream, piece } of followBoth(link, target, signal)) {
    for (const text of decoders[stream].take(piece)) yield { stream, piece: text };
  }
  for (const stream of STREAMS) {
    for (const text of decoders[stream].end()) yield { stream, piece: text };
  }
}

async function* followApart(
  link: Link,
  target: Omit<OutputTarget, 'stream'>,
  signal: AbortSignal,
  positions: Positions,
): AsyncGenerator<StreamPiece> {
  const left = new AbortController();
  const until = AbortSignal.any([signal, left.signal]);
  const sources = new Map(
    STREAMS.map((stream) => [stream, followOutput(link, { ...target, stream }, until, positions[stream])]),
  );
  try {
    for await (const { key: stream, result } of merge(sources)) {
      if (!result.done) yield { stream, piece: result.value };
    }
  } finally {
    // Ends what a source waits for: only then can it return, and its connection is closed.
    left.abort();
    await Promise.allSettled([...sources.values()].map((source) => source.return(undefined)));
  }
}
