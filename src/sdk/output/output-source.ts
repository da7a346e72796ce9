import type { OutputStreamName } from '../../api/execution.ts';
import type { Completion } from '../completion.ts';
import type { Failure } from '../http/failure.ts';

/** One stream of one execution. */
export interface OutputTarget {
  readonly devboxId: string;
  readonly executionId: string;
  readonly stream: OutputStreamName;
  readonly completion: Completion;
  /** What background jobs wrote after the command's end, not what the command wrote. */
  readonly late?: boolean;
}

/** Output as it came from the wire: bytes from the raw route, text from server-sent events. */
export interface OutputPiece {
  readonly data: Uint8Array | string;
  /** Offset of the byte after it in the stream: where a new connection would have to start. */
  readonly end: number;
}

/**
 * One connection to an output stream, from `offset` on. Iterating throws an error when the connection breaks
 * (or a StreamRefusal), and ends when the body ended cleanly.
 */
export interface OutputConnection {
  readonly pieces: AsyncIterable<OutputPiece>;
  /** Whether a clean end of the body is the end of the stream; otherwise it may be just a connection's end. */
  readonly endIsFinal: boolean;
}

/** The server ended a running stream with an error of its own. */
export class StreamRefusal extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super('the stream ended with an error event');
    this.failure = failure;
  }
}
