import { streamError } from '../../api/execution.ts';
import { OUTPUT_GAP_EVENT, outputGap } from '../../api/extension/output.ts';
import { readOutputChunk } from '../../api/output-chunk.ts';
import { routes } from '../../api/routes.ts';
import { createEventDecoder, type ServerSentEvent } from '../../api/sse/decode.ts';
import type { Failure } from '../http/failure.ts';
import type { Link } from '../http/link.ts';
import { ChunkCursor, type Fresh } from './chunk-cursor.ts';
import { tailOf } from './drained.ts';
import type { OffsetReading } from './offset-reading.ts';
import type { Connection, Ending, OutputPiece, OutputTarget, Position } from './output-source.ts';
import { endingOf, openStream } from './stream-body.ts';

/** The idle time-out of a stream: nothing is wrong, connect again. */
const IDLE = 408;

/** Reads a stream of server-sent events. Its clean end says only that the connection ended. */
export async function* readEvents(
  link: Link,
  target: OutputTarget,
  position: Position,
  reading: OffsetReading,
  signal: AbortSignal,
): Connection {
  const offset = reading.resumeAt(position);
  const response = await openStream(
    link,
    {
      path: routes.stream(target.devboxId, target.executionId, target.stream),
      query: offset === undefined ? {} : { offset: String(offset) },
      accept: 'text/event-stream',
    },
    signal,
  );
  if ('failed' in response) return response;
  const decoder = createEventDecoder();
  const cursor = new ChunkCursor(offset, position.next, reading);
  try {
    for await (const bytes of response.body) {
      const { pieces, ending } = readBatch(decoder.feed(bytes), cursor);
      position.next = cursor.needed;
      for (const piece of pieces)
        position.tail = typeof piece === 'string' ? tailOf(position.tail, piece) : '';
      yield* pieces;
      if (ending) return ending;
    }
  } catch (error) {
    return endingOf(link, error, signal);
  }
  return 'closed';
}

/**
 * One text of the events of one read, however many: a line per event must not cost a turn of the event loop, and a
 * call of a callback, per line.
 */
function readBatch(
  events: readonly ServerSentEvent[],
  cursor: ChunkCursor,
): { pieces: readonly OutputPiece[]; ending: Ending | undefined } {
  const pieces: OutputPiece[] = [];
  let text = '';
  let ending: Ending | undefined;
  for (const event of events) {
    const fresh = readEvent(event, cursor);
    if (typeof fresh === 'string' || 'failed' in fresh) {
      ending = fresh;
      break;
    }
    if (fresh.gap) {
      if (text !== '') pieces.push(text);
      pieces.push(fresh.gap);
      text = '';
    }
    text += fresh.text;
  }
  if (text !== '') pieces.push(text);
  return { pieces, ending };
}

function readEvent({ event, data }: ServerSentEvent, cursor: ChunkCursor): Fresh | Ending {
  if (event === 'error') return readError(data);
  if (event === OUTPUT_GAP_EVENT) {
    const gap = outputGap.safeParse(parseJson(data));
    if (!gap.success) return unreadable('a gap event says not what is missing', gap.error);
    return cursor.skip(gap.data.to);
  }
  const chunk = readOutputChunk(data);
  if (chunk === undefined) return unreadable('an event of the output stream holds no output');
  return cursor.take(chunk.output, chunk.offset);
}

function readError(data: string): Ending {
  const parsed = streamError.safeParse(parseJson(data));
  if (!parsed.success) return unreadable('an error event without code and message', parsed.error);
  const status = Number(parsed.data.code);
  if (status === IDLE) return 'idle';
  return {
    failed: 'refused',
    status: Number.isInteger(status) ? status : 500,
    message: parsed.data.message,
  };
}

const unreadable = (message: string, cause?: Error): Failure => ({ failed: 'unreadable', cause, message });

function parseJson(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    // The schema's check of undefined says what is wrong.
    return undefined;
  }
}
