import type { z } from 'zod';
import { pause } from '../abort.ts';
import type { RequestOptions } from '../options.ts';
import { attempt } from './attempt.ts';
import { reasonOf } from './failure.ts';
import { failureError, mayBeDone } from './failure-error.ts';
import type { Link } from './link.ts';
import { retryAfter } from './retry-policy.ts';
import type { WireRequest } from './transport.ts';

export interface ApiRequest<T> extends WireRequest {
  /** What is being done, for messages: "Launching the command". */
  readonly what: string;
  readonly schema: z.ZodType<T>;
  readonly repeat: 'always' | 'unsent';
  /** How long the server may hold the answer back, ms. A 408 is then the hold's end and the caller's to answer. */
  readonly holdMs?: number;
  /** Where to look when it is not known whether it was carried out. */
  readonly reconcile?: string;
  /** Whether an earlier try, of which this goes on, may have been carried out. */
  readonly mayHaveBeenDone?: boolean;
}

/**
 * One request with its retries, to its parsed answer.
 *
 * @throws NamedShellError
 */
export async function call<T>(link: Link, request: ApiRequest<T>, options: RequestOptions = {}): Promise<T> {
  const signal = options.signal ?? undefined;
  const maxRetries = options.maxRetries ?? link.maxRetries;
  const timeoutMs = (options.timeout ?? link.timeout) + (request.holdMs ?? 0);
  let { mayHaveBeenDone = false } = request;
  for (let failures = 1; ; failures++) {
    const answer = await attempt(link, request, request.schema, timeoutMs, signal);
    if (!('failed' in answer)) return answer.value;
    mayHaveBeenDone ||= mayBeDone(answer);
    const heldToTheEnd = request.holdMs !== undefined && answer.failed === 'refused' && answer.status === 408;
    const delay = heldToTheEnd
      ? undefined
      : retryAfter({ repeat: request.repeat, failures, maxRetries, failure: answer });
    if (delay === undefined)
      throw failureError({ ...request, mayHaveBeenDone }, link.transport.where, answer);
    link.monitor.retrying(reasonOf(answer), delay);
    await pause(delay, signal, link.transport.closed);
  }
}
