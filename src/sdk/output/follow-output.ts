import { pause } from '../abort.ts';
import { retrieveExecution } from '../execution-requests.ts';
import { attempt } from '../http/attempt.ts';
import { type Failure, isFailure, reasonOf } from '../http/failure.ts';
import { failureError } from '../http/failure-error.ts';
import type { Link } from '../http/link.ts';
import { backOff, retryAfter } from '../http/retry-policy.ts';
import { isDrained } from './drained.ts';
import { readEvents } from './event-connection.ts';
import { OffsetReading } from './offset-reading.ts';
import type { OutputPiece, OutputTarget, Position } from './output-source.ts';
import { readRaw } from './raw-connection.ts';

/** A connection that ended sooner and brought nothing: connecting again at once would be a hot loop. */
const SHORTEST_CONNECTION_MS = 1000;

/** So many connections in a row may bring nothing while the completed view speaks of more. */
const MOST_DOUBTED_ENDS = 5;

/**
 * The whole of one output stream from byte 0, each byte once, over as many connections as it takes: resumed from the
 * next byte needed after whatever ended one. What the server no longer holds comes as a range of bytes.
 *
 * It ends when the execution has completed and the stream was drained: a connection opened after that brought nothing
 * more (of raw bytes: it ended cleanly), and all the bytes came that the completed view speaks of. Whoever stops
 * iterating early closes the connection.
 *
 * @throws NamedShellError for a refusal that no retry mends (404 above all), of kind `protocol` when the server keeps
 *   sending less than it says there is, and when the signal fires
 */
export async function* followOutput(
  link: Link,
  target: OutputTarget,
  signal: AbortSignal,
): AsyncGenerator<OutputPiece> {
  const reading = new OffsetReading();
  const position: Position = { next: 0, tail: '' };
  let failures = 0;
  let emptyRounds = 0;
  let doubtedEnds = 0;
  for (;;) {
    const completedBefore = target.completion.view !== undefined;
    const opened = performance.now();
    const from = position.next;
    const raw = target.late || (await link.engine.offersRawOutput(link, signal));
    const ending = yield* raw
      ? readRaw(link, target, position, signal)
      : readEvents(link, target, position, reading, signal);
    const isEmpty = position.next === from;
    if (!isEmpty) doubtedEnds = 0;
    if (ending === 'closed' && target.late) return;
    const failure = isFailure(ending) ? ending : await lookForCompletion(link, target, signal);
    const { view } = target.completion;
    // A server may keep the events of a completed command open until they are idle; raw bytes end when they end.
    const mayBeEnd = raw ? ending === 'closed' : !isFailure(ending) && completedBefore && isEmpty;
    if (view && mayBeEnd) {
      if (isDrained(view, target.stream, position)) return;
      if (doubtedEnds === MOST_DOUBTED_ENDS) {
        // The text of a view is no proof: how the service cuts it is not known. A count is.
        if (view.nsh === undefined) return;
        const held = view.nsh[`${target.stream}_bytes`];
        const message = `the output ends at byte ${position.next} of ${held}`;
        throw failureError(asRead(target), link.transport.where, {
          failed: 'unreadable',
          cause: undefined,
          message,
        });
      }
      doubtedEnds += 1;
      link.logger?.warn(
        `${target.stream} of ${target.executionId} ended at byte ${position.next}, too early`,
      );
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
    if (delay === undefined) {
      throw failureError(asRead(target), link.transport.where, failure);
    }
    link.monitor.retrying(reasonOf(failure), delay);
    await pause(delay, signal, link.transport.closed);
  }
}

const asRead = ({ stream, executionId }: OutputTarget) =>
  ({ what: `Reading ${stream} of execution ${executionId}`, repeat: 'always' }) as const;

/** After an end that may be just the connection's: the execution's state decides whether there can be more. */
async function lookForCompletion(
  link: Link,
  target: OutputTarget,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  if (target.completion.view !== undefined) return undefined;
  const request = retrieveExecution(target.devboxId, target.executionId);
  const answer = await attempt(link, request, request.schema, link.timeout, signal);
  if ('failed' in answer) return answer;
  target.completion.observe(answer.value);
  return undefined;
}
