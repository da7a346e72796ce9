import type { ServerView } from '../api/extension/server.ts';
import { EVENTS_CAPABILITY, type ShellEvent, shellEvent } from '../api/extension/shell-event.ts';
import { routes } from '../api/routes.ts';
import { createEventDecoder } from '../api/sse/decode.ts';
import { pause } from './abort.ts';
import { failureOf, openAnswer } from './http/attempt.ts';
import { codeOf, type Failure, isFailure, reasonOf } from './http/failure.ts';
import { failureError } from './http/failure-error.ts';
import type { Link } from './http/link.ts';
import { retryAfter } from './http/retry-policy.ts';
import { requireCapability } from './require-capability.ts';
import { refuseUnlessInPath } from './shell-on-server.ts';

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
  refuseUnlessInPath(what, name);
  const lacking = 'offers no live events.';
  const patiently = { signal, maxRetries: Number.POSITIVE_INFINITY };
  const server = await requireCapability(link, EVENTS_CAPABILITY, { what, lacking }, patiently);
  const idleMs = longestSilence(link, server);
  let lastSeen: number | undefined;
  let failures = 0;
  for (;;) {
    const opened = performance.now();
    let received = 0;
    let failure: Failure | undefined;
    for await (const item of readConnection(
      link,
      routes.shellEvents(devboxId, name),
      lastSeen,
      idleMs,
      signal,
    )) {
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
    link.monitor.retrying(
      isSilence(failure) ? `no answer for ${idleMs / 1_000} s` : reasonOf(failure),
      delay,
    );
    await pause(delay, signal, link.transport.closed);
  }
}

function isSilence(failure: Failure): boolean {
  return failure.failed === 'broken' && codeOf(failure.cause) === 'UND_ERR_BODY_TIMEOUT';
}

/** ms. A busy machine may be so late. */
const LATE_MS = 2_000;

/** A comment is left out when something came since the one before, so twice their distance may be silent. */
function longestSilence(link: Link, { heartbeat_ms: beat }: ServerView): number {
  return beat === undefined ? link.streamIdleMs : Math.min(link.streamIdleMs, 2 * beat + LATE_MS);
}

/** The events of one connection. How it failed comes as a last value, so that the loop above has one way to go on. */
async function* readConnection(
  link: Link,
  path: string,
  after: number | undefined,
  idleMs: number,
  signal: AbortSignal,
): AsyncGenerator<ShellEvent | Failure> {
  const query = after === undefined ? {} : { after: String(after) };
  const request = { method: 'GET', path, query, accept: 'text/event-stream' } as const;
  const response = await openAnswer(link, request, { headersMs: link.timeout, bodyMs: idleMs }, signal);
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
