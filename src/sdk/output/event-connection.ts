import { outputChunk, streamError } from '../../api/execution.ts';
import { routes } from '../../api/routes.ts';
import { createEventDecoder, type ServerSentEvent } from '../../api/sse/decode.ts';
import { openAnswer } from '../http/attempt.ts';
import type { Failure } from '../http/failure.ts';
import type { Link } from '../http/link.ts';
import type { OffsetReading } from './offset-reading.ts';
import {
  type OutputConnection,
  type OutputPiece,
  type OutputTarget,
  StreamRefusal,
} from './output-source.ts';

/** The idle time-out of a stream: nothing is wrong, connect again. */
const IDLE = 408;

/** Connects to a stream of server-sent events. Its end says only that the connection ended. */
export async function connectEvents(
  link: Link,
  target: OutputTarget,
  offset: number,
  reading: OffsetReading,
  signal: AbortSignal,
): Promise<OutputConnection | Failure> {
  const response = await openAnswer(
    link,
    {
      method: 'GET',
      path: routes.stream(target.devboxId, target.executionId, target.stream),
      query: offset === 0 ? {} : { offset: String(offset) },
      accept: 'text/event-stream',
    },
    { headersMs: link.timeout, bodyMs: 0 },
    signal,
  );
  if ('failed' in response) return response;
  const onGap = (bytes: number) =>
    link.logger?.warn(`${target.stream} of ${target.executionId}: ${bytes} bytes are missing in the stream`);
  return { pieces: readEvents(response.body, offset, reading, onGap), endIsFinal: false };
}

/** One piece per read of the body, however many events it holds: a line per event must not cost a turn per line. */
async function* readEvents(
  body: AsyncIterable<Uint8Array>,
  offset: number,
  reading: OffsetReading,
  onGap: (bytes: number) => void,
): AsyncGenerator<OutputPiece> {
  const decoder = createEventDecoder();
  const cursor: Cursor = { needed: offset, expected: offset };
  for await (const bytes of body) {
    let text = '';
    let ending: Failure | 'idle' | undefined;
    for (const event of decoder.feed(bytes)) {
      if (event.event === 'error') {
        ending = errorOf(event);
        break;
      }
      const fresh = freshText(event, cursor, reading, onGap);
      if (typeof fresh !== 'string') {
        ending = fresh;
        break;
      }
      text += fresh;
    }
    if (text !== '') yield { data: text, end: cursor.needed };
    if (ending === 'idle') return;
    if (ending) throw new StreamRefusal(ending);
  }
}

interface Cursor {
  /** The first byte not handed out yet. */
  needed: number;
  /** Where the next chunk starts if the server leaves nothing out. */
  expected: number;
}

/** The part of a chunk that was not handed out before, by its UTF-8 byte range. */
function freshText(
  event: ServerSentEvent,
  cursor: Cursor,
  reading: OffsetReading,
  onGap: (bytes: number) => void,
): string | Failure {
  const parsed = outputChunk.safeParse(parseJson(event.data));
  if (!parsed.success) {
    return {
      failed: 'unreadable',
      cause: parsed.error,
      message: 'an event of the output stream holds no output',
    };
  }
  const chunk = parsed.data;
  const length = Buffer.byteLength(chunk.output);
  const start = reading.startOf(chunk.offset, length, cursor.expected);
  const end = start + length;
  cursor.expected = end;
  if (end <= cursor.needed) return '';
  const overlap = cursor.needed - start;
  if (overlap < 0) onGap(-overlap);
  cursor.needed = end;
  return overlap > 0 ? Buffer.from(chunk.output).subarray(overlap).toString() : chunk.output;
}

function errorOf(event: ServerSentEvent): Failure | 'idle' {
  const parsed = streamError.safeParse(parseJson(event.data));
  if (!parsed.success) {
    return { failed: 'unreadable', cause: parsed.error, message: 'an error event without code and message' };
  }
  const status = Number(parsed.data.code);
  if (status === IDLE) return 'idle';
  return {
    failed: 'refused',
    status: Number.isInteger(status) ? status : 500,
    message: parsed.data.message,
  };
}

function parseJson(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    // The schema's check of undefined says what is wrong.
    return undefined;
  }
}
