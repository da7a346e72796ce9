import { OUTPUT_OFFSET_HEADER } from '../../api/extension/output.ts';
import { routes } from '../../api/routes.ts';
import type { Link } from '../http/link.ts';
import type { Connection, OutputTarget, Position } from './output-source.ts';
import { endingOf, openStream } from './stream-body.ts';

/** Reads the embedded devbox's raw route: exact bytes. */
export async function* readRaw(
  link: Link,
  target: OutputTarget,
  position: Position,
  signal: AbortSignal,
): Connection {
  const route = target.late ? routes.lateOutput : routes.output;
  const response = await openStream(
    link,
    {
      path: route(target.devboxId, target.executionId, target.stream),
      query: { offset: String(position.next) },
      accept: 'application/octet-stream',
    },
    signal,
  );
  if ('failed' in response) return response;
  const stated = Number(response.headers[OUTPUT_OFFSET_HEADER] ?? position.next);
  let end = Number.isSafeInteger(stated) && stated >= 0 ? stated : position.next;
  const from = position.next;
  if (end > from) {
    position.next = end;
    yield { from, to: end };
  }
  position.tail = '';
  try {
    for await (const bytes of response.body as AsyncIterable<Uint8Array>) {
      end += bytes.byteLength;
      // What a server sends again from before the byte needed.
      const fresh = Math.min(bytes.byteLength, end - position.next);
      if (fresh <= 0) continue;
      position.next = end;
      yield fresh === bytes.byteLength ? bytes : bytes.subarray(bytes.byteLength - fresh);
    }
  } catch (error) {
    return endingOf(link, error, signal);
  }
  return 'closed';
}
