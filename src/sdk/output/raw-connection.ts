import { OUTPUT_OFFSET_HEADER } from '../../api/extension/output.ts';
import { routes } from '../../api/routes.ts';
import { openAnswer } from '../http/attempt.ts';
import type { Failure } from '../http/failure.ts';
import type { Link } from '../http/link.ts';
import type { OutputConnection, OutputPiece, OutputTarget } from './output-source.ts';

/** Connects to the embedded devbox's raw route: exact bytes, a clean end is the stream's end. */
export async function connectRaw(
  link: Link,
  target: OutputTarget,
  offset: number,
  signal: AbortSignal,
): Promise<OutputConnection | Failure> {
  const route = target.late ? routes.lateOutput : routes.output;
  const response = await openAnswer(
    link,
    {
      method: 'GET',
      path: route(target.devboxId, target.executionId, target.stream),
      query: { offset: String(offset) },
      accept: 'application/octet-stream',
    },
    { headersMs: link.timeout, bodyMs: 0 },
    signal,
  );
  if ('failed' in response) return response;
  const stated = Number(response.headers[OUTPUT_OFFSET_HEADER] ?? offset);
  const start = Number.isSafeInteger(stated) && stated >= 0 ? stated : offset;
  if (start > offset) {
    link.logger?.warn(
      `${target.stream} of ${target.executionId}: ${start - offset} bytes are no longer held`,
    );
  }
  return { pieces: readBytes(response.body, start, offset), endIsFinal: true };
}

async function* readBytes(
  body: AsyncIterable<Uint8Array>,
  start: number,
  needed: number,
): AsyncGenerator<OutputPiece> {
  let end = start;
  for await (const chunk of body) {
    end += chunk.byteLength;
    if (end <= needed) continue;
    const fresh = Math.min(chunk.byteLength, end - needed);
    yield { data: fresh === chunk.byteLength ? chunk : chunk.subarray(chunk.byteLength - fresh), end };
  }
}
