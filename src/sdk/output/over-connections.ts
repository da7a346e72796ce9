import type { ExecutionView } from '../../api/execution.ts';
import { pause } from '../abort.ts';
import type { Completion } from '../completion.ts';
import { retrieveExecution } from '../execution-requests.ts';
import { attempt } from '../http/attempt.ts';
import { type Failure, isFailure, reasonOf } from '../http/failure.ts';
import { failureError } from '../http/failure-error.ts';
import type { Link } from '../http/link.ts';
import { backOff, retryAfter } from '../http/retry-policy.ts';
import type { Ending } from './output-source.ts';

/** A connection that ended sooner and brought nothing: connecting again at once would be a hot loop. */
const SHORTEST_CONNECTION_MS = 1000;

/** So many connections in a row may bring nothing while the completed view speaks of more. */
const MOST_DOUBTED_ENDS = 5;

/** What is read over as many connections as it takes. */
export interface Reading<T> {
  /** For messages: `stdout`. */
  readonly name: string;
  readonly devboxId: string;
  readonly executionId: string;
  readonly completion: Completion;
  /** How many bytes came so far, over all connections; what is missing is counted. */
  readonly length: () => number;
  /** One more connection, from there on; undefined when this server does not offer what is read. */
  readonly connect: () => Promise<OpenConnection<T> | undefined>;
  /** Whether all came that a completed view speaks of. */
  readonly isDrained: (view: ExecutionView) => boolean;
  /** How many bytes a view speaks of, where it does. */
  readonly stated: (view: ExecutionView) => number | undefined;
}

export interface OpenConnection<T> {
  readonly pieces: AsyncGenerator<T, Ending>;
  /**
   * What its clean end says: `whole`, that nothing more will come; `end`, that nothing more comes if the command has
   * ended; `nothing`, as the connection alone may have ended.
   */
  readonly cleanEnd: 'whole' | 'end' | 'nothing';
}

/**
 * All pieces of a reading, resumed after whatever ended a connection.
 *
 * It ends when the execution has completed and all was drained: a connection opened after that brought nothing more (or
 * one whose end means something ended cleanly), and all the bytes came that the completed view speaks of. Whoever stops
 * iterating early closes the connection.
 *
 * @returns whether that is so: false when a server answers now that does not offer what is read
 * @throws NamedShellError for a refusal that no retry mends (404 above all), of kind `protocol` when the server keeps
 *   sending less than it says there is, and when the signal fires
 */
export async function* overConnections<T>(
  link: Link,
  reading: Reading<T>,
  signal: AbortSignal,
): AsyncGenerator<T, boolean> {
  const { name, executionId, completion, length } = reading;
  const asRead = { what: `Reading ${name} of execution ${executionId}`, repeat: 'always' } as const;
  let failures = 0;
  let emptyRounds = 0;
  let doubtedEnds = 0;
  for (;;) {
    const completedBefore = completion.view !== undefined;
    const opened = performance.now();
    const from = length();
    const connection = await reading.connect();
    if (connection === undefined) return false;
    const { cleanEnd } = connection;
    const ending = yield* connection.pieces;
    const isEmpty = length() === from;
    if (!isEmpty) doubtedEnds = 0;
    if (ending === 'closed' && cleanEnd === 'whole') return true;
    const failure = isFailure(ending) ? ending : await lookForCompletion(link, reading, signal);
    const { view } = completion;
    // A server may keep the events of a completed command open until they are idle; raw bytes end when they end.
    const mayBeEnd =
      cleanEnd === 'nothing' ? !isFailure(ending) && completedBefore && isEmpty : ending === 'closed';
    if (view && mayBeEnd) {
      if (reading.isDrained(view)) return true;
      if (doubtedEnds === MOST_DOUBTED_ENDS) {
        // The text of a view is no proof: how the service cuts it is not known. A count is.
        const stated = reading.stated(view);
        if (stated === undefined) return true;
        const message = `the output ends at byte ${length()} of ${stated}`;
        throw failureError(asRead, link.transport.where, {
          failed: 'unreadable',
          cause: undefined,
          message,
        });
      }
      doubtedEnds += 1;
      link.logger?.warn(`${name} of ${executionId} ended at byte ${length()}, too early`);
    }
    const brief = isEmpty && performance.now() - opened < SHORTEST_CONNECTION_MS;
    if (failure === undefined) {
      failures = 0;
      emptyRounds = brief ? emptyRounds + 1 : 0;
      // The one that shows that nothing more comes of a completed command comes at once.
      if (emptyRounds > (view && doubtedEnds === 0 ? 1 : 0))
        await pause(backOff(emptyRounds), signal, link.transport.closed);
      continue;
    }
    failures = brief ? failures + 1 : 1;
    const delay = retryAfter({ repeat: 'always', failures, maxRetries: Number.POSITIVE_INFINITY, failure });
    if (delay === undefined) throw failureError(asRead, link.transport.where, failure);
    link.monitor.retrying(reasonOf(failure), delay);
    await pause(delay, signal, link.transport.closed);
  }
}

/** After an end that may be just the connection's: the execution's state decides whether there can be more. */
async function lookForCompletion(
  link: Link,
  { devboxId, executionId, completion }: Reading<unknown>,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  if (completion.view !== undefined) return undefined;
  const request = retrieveExecution(devboxId, executionId);
  const answer = await attempt(link, request, request.schema, link.timeout, signal);
  if ('failed' in answer) return answer;
  completion.observe(answer.value);
  return undefined;
}
