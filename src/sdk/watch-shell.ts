import { EVENTS_CAPABILITY, type ShellEvent, shellEvent } from '../api/extension/shell-event.ts';
import { routes } from '../api/routes.ts';
import { createEventDecoder } from '../api/sse/decode.ts';
import { pause } from './abort.ts';
import { failureOf, openAnswer } from './http/attempt.ts';
import { type Failure, isFailure, reasonOf } from './http/failure.ts';
import { failureError } from './http/failure-error.ts';
import type { Link } from './http/link.ts';
import { retryAfter } from './http/retry-policy.ts';
import { requireCapability } from './require-capability.ts';

/** A connection that ended sooner and brought nothing counts as a failure: connecting at once would be a hot loop. */
const SHORTEST_CONNECTION_MS = 1000;

/**
 * What happens in a shell, from a snapshot of it on: each event once, in order, over as many connections as it takes.
 * Where the server no longer holds what came in between, a new snapshot says so (`missed`). It ends only with the
 * signal or the consumer.
 *
 * @throws NamedShellError of kind `invalid_request` on a server without live events, and for what no retry mends
 */
export async function* watchShell(
  link: Link,
  devboxId: string,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<ShellEvent, never> {
  const what = `Watching the shell ${JSON.stringify(name)}`;
  const lacking = 'offers no live events.';
  const patiently = { signal, maxRetries: Number.POSITIVE_INFINITY };
  await requireCapability(link, EVENTS_CAPABILITY, { what, lacking }, patiently);
  let lastSeen: number | undefined;
  let failures = 0;
  for (;;) {
    const opened = performance.now();
    let received = 0;
    let failure: Failure | undefined;
    for await (const item of readConnection(link, routes.shellEvents(devboxId, name), lastSeen, signal)) {
      if (isFailure(item)) {
        failure = item;
        break;
      }
      received += 1;
      lastSeen = item.seq;
      yield item;
    }
    const brief = received === 0 && performance.now() - opened < SHORTEST_CONNECTION_MS;
    failures = failure === undefined && !brief ? 0 : brief ? failures + 1 : 1;
    if (failures === 0) continue;
    failure ??= { failed: 'broken', cause: new Error('the stream ended at once'), timedOut: false };
    const delay = retryAfter({ repeat: 'always', failures, maxRetries: Number.POSITIVE_INFINITY, failure });
    if (delay === undefined) throw failureError({ what, repeat: 'always' }, link.transport.where, failure);
    link.monitor.retrying(reasonOf(failure), delay);
    await pause(delay, signal, link.transport.closed);
  }
}

/** The events of one connection. How it failed comes as a last value, so that the loop above has one way to go on. */
async function* readConnection(
  link: Link,
  path: string,
  after: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<ShellEvent | Failure> {
  const query = after === undefined ? {} : { after: String(after) };
  const request = { method: 'GET', path, query, accept: 'text/event-stream' } as const;
  const response = await openAnswer(
    link,
    request,
    { headersMs: link.timeout, bodyMs: link.streamIdleMs },
    signal,
  );
  if ('failed' in response) {
    yield response;
    return;
  }
  link.monitor.reached();
  const decoder = createEventDecoder();
  try {
    for await (const bytes of response.body) {
      for (const { data } of decoder.feed(bytes)) {
        // A type that a newer server adds is passed over, as the contract asks.
        const parsed = shellEvent.safeParse(JSON.parse(data));
        if (parsed.success) yield parsed.data;
      }
    }
  } catch (error) {
    yield failureOf(link, error, signal);
  }
}
