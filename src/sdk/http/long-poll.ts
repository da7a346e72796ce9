import { pause } from '../abort.ts';
import { attempt } from './attempt.ts';
import type { ApiRequest } from './call.ts';
import { type Failure, reasonOf } from './failure.ts';
import { failureError } from './failure-error.ts';
import type { Link } from './link.ts';
import { backOff, retryAfter } from './retry-policy.ts';

/** A hold that ends sooner was none: asking again at once would be a hot loop. */
const SHORTEST_HOLD_MS = 1000;

export interface LongPoll<T> {
  /** Held by the server until there is something to say, or 408. */
  readonly hold: ApiRequest<T>;
  /** Answered at once: asked first after a failure, so that a connection that is back is seen to be back. */
  readonly probe: ApiRequest<T>;
  readonly isOver: (value: T) => boolean;
}

/**
 * Asks until `isOver`. A 408 is the end of a hold; broken connections, 5xx and 429 are waited out for as long as the
 * signal allows; every other refusal (404 above all) is final.
 *
 * @throws NamedShellError
 */
export async function longPoll<T>(link: Link, poll: LongPoll<T>, signal: AbortSignal): Promise<T> {
  let failures = 0;
  let shortHolds = 0;
  for (;;) {
    const request = failures === 0 ? poll.hold : poll.probe;
    const asked = performance.now();
    const timeoutMs = link.timeout + (request.holdMs ?? 0);
    const answer = await attempt(link, request, request.schema, timeoutMs, signal);
    if (!isFailureOfHold(answer, request)) {
      if ('value' in answer && poll.isOver(answer.value)) return answer.value;
      failures = 0;
      if (request === poll.probe) continue;
      shortHolds = performance.now() - asked < SHORTEST_HOLD_MS ? shortHolds + 1 : 0;
      if (shortHolds > 0) await pause(backOff(shortHolds), signal, link.transport.closed);
      continue;
    }
    failures += 1;
    const delay = retryAfter({
      repeat: 'always',
      failures,
      maxRetries: Number.POSITIVE_INFINITY,
      failure: answer,
    });
    if (delay === undefined) throw failureError(request, link.transport.where, answer);
    link.monitor.retrying(reasonOf(answer), delay);
    await pause(delay, signal, link.transport.closed);
  }
}

function isFailureOfHold(
  answer: { readonly value: unknown } | Failure,
  request: { readonly holdMs?: number },
): answer is Failure {
  if (!('failed' in answer)) return false;
  const holdIsOver = request.holdMs !== undefined && answer.failed === 'refused' && answer.status === 408;
  // A server that says not to ask again knows that the state will never come.
  return !(holdIsOver && answer.shouldRetry !== false);
}
