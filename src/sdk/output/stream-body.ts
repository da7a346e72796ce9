import type { Dispatcher } from 'undici';
import { failureOf, openAnswer } from '../http/attempt.ts';
import { codeOf, type Failure } from '../http/failure.ts';
import type { Link } from '../http/link.ts';
import type { Ending } from './output-source.ts';

/** Of a page that nobody wants: what is longer costs its connection, bytes. */
const LONGEST_PAGE = 128 * 1024;

export interface StreamRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The content type that is asked for, and no other is taken: a proxy's page would be an empty stream. */
  readonly accept: string;
}

/** Opens a stream, up to the head of the answer. */
export async function openStream(
  link: Link,
  request: StreamRequest,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData | Failure> {
  const times = { headersMs: link.timeout, bodyMs: link.streamIdleMs };
  const response = await openAnswer(link, { method: 'GET', ...request }, times, signal);
  if ('failed' in response) return response;
  const type = String(response.headers['content-type'] ?? 'of no type');
  if (type.startsWith(request.accept)) {
    link.monitor.reached();
    return response;
  }
  try {
    await response.body.dump({ limit: LONGEST_PAGE, signal });
  } catch (error) {
    return failureOf(link, error, signal);
  }
  const message = `the stream is ${type}, not ${request.accept}`;
  return { failed: 'unreadable', cause: undefined, message, foreign: true };
}

/**
 * How a body that broke ended. One that was silent for too long is found by undici, which does not count the time that
 * the consumer takes: the connection may be half open, or the command silent. Both are answered by a new connection.
 */
export function endingOf(link: Link, error: unknown, signal: AbortSignal): Ending {
  const failure = failureOf(link, error, signal);
  const isIdle = failure.failed === 'broken' && codeOf(failure.cause) === 'UND_ERR_BODY_TIMEOUT';
  return isIdle ? 'idle' : failure;
}
