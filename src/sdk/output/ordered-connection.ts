import { FrameDecoder, FrameError, ORDERED_OUTPUT_TYPE } from '../../api/extension/ordered-output.ts';
import { routes } from '../../api/routes.ts';
import type { Link } from '../http/link.ts';
import type { Ending, OutputTarget, Positions, StreamPiece } from './output-source.ts';
import { endingOf, openStream } from './stream-body.ts';

/** Reads the embedded devbox's route for both streams in their order. Its clean end is that of both. */
export async function* readOrdered(
  link: Link,
  target: Omit<OutputTarget, 'stream'>,
  positions: Positions,
  signal: AbortSignal,
): AsyncGenerator<StreamPiece, Ending> {
  const response = await openStream(
    link,
    {
      path: routes.orderedOutput(target.devboxId, target.executionId),
      query: {
        stdout_offset: String(positions.stdout.next),
        stderr_offset: String(positions.stderr.next),
      },
      accept: ORDERED_OUTPUT_TYPE,
    },
    signal,
  );
  if ('failed' in response) return response;
  const frames = new FrameDecoder();
  try {
    for await (const read of response.body as AsyncIterable<Uint8Array>) {
      for (const frame of frames.feed(read)) {
        const { stream } = frame;
        const position = positions[stream];
        if ('bytes' in frame) {
          position.next += frame.bytes.byteLength;
          yield { stream, piece: frame.bytes };
        } else if (frame.to > position.next) {
          const from = position.next;
          position.next = frame.to;
          yield { stream, piece: { from, to: frame.to } };
        }
      }
    }
  } catch (error) {
    if (error instanceof FrameError) return { failed: 'unreadable', cause: error, message: error.message };
    return endingOf(link, error, signal);
  }
  return 'closed';
}
