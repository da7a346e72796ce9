import { pause } from '../abort.ts';
import { retrieveExecution } from '../execution-requests.ts';
import { attempt, failureOf } from '../http/attempt.ts';
import { type Failure, isFailure, reasonOf } from '../http/failure.ts';
import { failureError } from '../http/failure-error.ts';
import type { Link } from '../http/link.ts';
import { backOff, retryAfter } from '../http/retry-policy.ts';
import { connectEvents } from './event-connection.ts';
import { OffsetReading } from './offset-reading.ts';
import {
  type OutputConnection,
  type OutputPiece,
  type OutputTarget,
  StreamRefusal,
} from './output-source.ts';
import { connectRaw } from './raw-connection.ts';

/** A connection that ended sooner and brought nothing: connecting again at once would be a hot loop. */
const SHORTEST_CONNECTION_MS = 1000;

/**
 * The whole of one output stream from byte 0, each byte once, over as many connections as it takes.
 *
 * It ends when the stream was drained to its end: on the raw route with a clean end of the body; on server-sent
 * events when a connection that was opened after the execution completed brought nothing more. Whoever stops
 * iterating early closes the connection.
 *
 * @throws NamedShellError for a refusal that no retry mends (404 above all), and when the signal fires
 */
export async function* followOutput(
  link: Link,
  target: OutputTarget,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array | string> {
  const reading = new OffsetReading();
  let position = 0;
  let failures = 0;
  let emptyRounds = 0;
  for (;;) {
    const completedBefore = target.completion.view !== undefined;
    const opened = performance.now();
    const from = position;
    let failure: Failure | undefined;
    const connection = await connect(link, target, position, reading, signal);
    if (isFailure(connection)) {
      failure = connection;
    } else {
      link.monitor.reached();
      for await (const piece of piecesOf(link, connection, signal)) {
        if (isFailure(piece)) {
          failure = piece;
          break;
        }
        position = piece.end;
        yield piece.data;
      }
    }
    if (failure === undefined) {
      if (!isFailure(connection) && connection.endIsFinal) return;
      if (completedBefore && position === from) return;
      failure = await lookForCompletion(link, target, signal);
    }
    const brief = position === from && performance.now() - opened < SHORTEST_CONNECTION_MS;
    if (failure === undefined) {
      failures = 0;
      emptyRounds = brief && target.completion.view === undefined ? emptyRounds + 1 : 0;
      if (emptyRounds > 0) await pause(backOff(emptyRounds), signal, link.transport.closed);
      continue;
    }
    failures = brief ? failures + 1 : 1;
    const delay = retryAfter({ repeat: 'always', failures, maxRetries: Number.POSITIVE_INFINITY, failure });
    if (delay === undefined) {
      const what = `Reading ${target.stream} of execution ${target.executionId}`;
      throw failureError({ what, repeat: 'always' }, link.transport.where, failure);
    }
    link.monitor.retrying(reasonOf(failure), delay);
    await pause(delay, signal, link.transport.closed);
  }
}

async function connect(
  link: Link,
  target: OutputTarget,
  offset: number,
  reading: OffsetReading,
  signal: AbortSignal,
): Promise<OutputConnection | Failure> {
  const raw = target.late || (await link.engine.offersRawOutput(link, signal));
  return raw
    ? connectRaw(link, target, offset, signal)
    : connectEvents(link, target, offset, reading, signal);
}

/** The connection's pieces; a break comes as a last value, so that the loop above has one way to go on. */
async function* piecesOf(
  link: Link,
  connection: OutputConnection,
  signal: AbortSignal,
): AsyncGenerator<OutputPiece | Failure> {
  try {
    yield* connection.pieces;
  } catch (error) {
    yield error instanceof StreamRefusal ? error.failure : failureOf(link, error, signal);
  }
}

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
