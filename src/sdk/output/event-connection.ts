import { streamError } from '../../api/execution.ts';
import { OUTPUT_GAP_EVENT, outputGap } from '../../api/extension/output.ts';
import { readOutputChunk } from '../../api/output-chunk.ts';
import { routes } from '../../api/routes.ts';
import { createEventDecoder, type EventDecoder } from '../../api/sse/decode.ts';
import type { Failure } from '../http/failure.ts';
import type { Link } from '../http/link.ts';
import { ChunkCursor } from './chunk-cursor.ts';
import { ENOUGH_TAIL, tailOf } from './drained.ts';
import type { OffsetReading } from './offset-reading.ts';
import type { Connection, Ending, OutputPiece, OutputTarget, Position } from './output-source.ts';
import { endingOf, openStream } from './stream-body.ts';

/** The idle time-out of a stream: nothing is wrong, connect again. */
const IDLE = 408;

/**
 * Bytes that are made into text at once. What is alive at the same time decides how far V8 lets its young generation
 * grow: with whole reads of 64 KiB by some 50 to 140 MiB over 1 GiB, with halves by 13 to 27.
 */
const MOST_AT_ONCE = 32 * 1024;

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
    for await (const read of response.body as AsyncIterable<Uint8Array>) {
      for (let start = 0; start < read.byteLength; start += MOST_AT_ONCE) {
        const bytes = read.subarray(start, start + MOST_AT_ONCE);
        const { pieces, tail, ending } = readBatch(decoder, bytes, cursor, position.tail);
        position.next = cursor.needed;
        position.tail = tail;
        for (const piece of pieces) yield piece;
        if (ending) return ending;
      }
    }
  } catch (error) {
    return endingOf(link, error, signal);
  }
  return 'closed';
}

interface Batch {
  readonly pieces: readonly OutputPiece[];
  readonly tail: string;
  readonly ending: Ending | undefined;
}

/**
 * One text of the events of one read, however many: a line per event must not cost a turn of the event loop, and a
 * call of a callback, per line.
 */
function readBatch(decoder: EventDecoder, bytes: Uint8Array, cursor: ChunkCursor, tail: string): Batch {
  const pieces: OutputPiece[] = [];
  let text = '';
  let last = '';
  let ending: Ending | undefined;
  const endPiece = () => {
    if (text === '') return;
    pieces.push(text);
    // The last chunk mostly is long enough: the text would have to be put together for its end.
    tail = tailOf(tail, last.length < ENOUGH_TAIL ? text : last);
    text = '';
  };
  for (const { event, data } of decoder.feed(bytes)) {
    if (event === 'error') {
      ending = readError(data);
      break;
    }
    const fresh =
      event === OUTPUT_GAP_EVENT ? readGap(data, cursor) : readChunk(data, decoder.isAscii, cursor);
    if (typeof fresh !== 'string') {
      ending = fresh ?? 'idle';
      break;
    }
    const gap = cursor.takeGap();
    if (gap) {
      endPiece();
      pieces.push(gap);
      tail = '';
    }
    if (fresh === '') continue;
    text += fresh;
    last = fresh;
  }
  endPiece();
  return { pieces, tail, ending };
}

function readChunk(data: string, isAscii: boolean, cursor: ChunkCursor): string | Failure | undefined {
  const chunk = readOutputChunk(data);
  if (chunk === undefined) return unreadable('an event of the output stream holds no output');
  const { output } = chunk;
  return cursor.take(output, isAscii ? output.length : Buffer.byteLength(output), chunk.offset ?? undefined);
}

function readGap(data: string, cursor: ChunkCursor): string | Failure {
  const gap = outputGap.safeParse(parseJson(data));
  if (!gap.success) return unreadable('a gap event says not what is missing', gap.error);
  cursor.skip(gap.data.to);
  return '';
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
