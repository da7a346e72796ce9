/** What went wrong, for programs. The message says it for people. */
export type ErrorKind =
  /** Nothing could be sent, or the connection broke under a request that is safe to send again. */
  | 'connection'
  /** The proxy of the environment turned the connection away, or its address is none. Nothing was sent. */
  | 'proxy'
  /** The key is missing, wrong or not allowed to do this. */
  | 'authentication'
  | 'not_found'
  | 'invalid_request'
  | 'conflict'
  | 'rate_limited'
  /** The server failed (5xx). */
  | 'server'
  /** The caller's time was over, or an answer did not come in time. */
  | 'timeout'
  /** The caller's AbortSignal, or `client.close()`. */
  | 'aborted'
  /** The answer is not what the wire contract says. */
  | 'protocol'
  /** A part of a long output is no longer held by the server. */
  | 'output_gap'
  /** A request that must not be sent twice was sent and got no answer: it may have been carried out. */
  | 'unknown_outcome';

/** What had become of a command when its time was over: `error.command`. */
export type TimedOutCommand =
  /** It goes on, or waits in the queue. */
  | 'left'
  | 'interrupted'
  | 'killed'
  /** It was taken out of the queue: it never ran. */
  | 'cancelled'
  /** It had ended by itself; only its output was not handed out yet. */
  | 'completed'
  | 'never_sent'
  /** Its launch was not answered, or it could not be ended: it may be running. */
  | 'unknown';

/** What an error knows beside its kind and its message. */
export interface ErrorDetails {
  /** The error that led to it. */
  readonly cause?: unknown;
  /** The HTTP status of the answer, where there was one. */
  readonly status?: number | undefined;
  /** The server's own stable word for the cause, where it sent one (an extension of the embedded devbox). */
  readonly code?: string | undefined;
  /** The execution that it is about, where one is known. */
  readonly executionId?: string | undefined;
  /** What had become of the command when the `timeoutMs` of its `exec` was over. */
  readonly command?: TimedOutCommand | undefined;
}

/** The one error class of this library. `message` says what was wrong, where, and what to do; it holds no secret. */
export class NamedShellError extends Error {
  /** Tells it from other errors also where two copies of this library meet. */
  override readonly name = 'NamedShellError';
  /** What went wrong, for programs. */
  readonly kind: ErrorKind;
  /** The HTTP status of the answer; undefined when there was none. */
  readonly status: number | undefined;
  /** The embedded devbox's own stable word for the cause; undefined elsewhere. */
  readonly code: string | undefined;
  /** The execution that it is about; undefined when none is known. */
  readonly executionId: string | undefined;
  /** What had become of the command when the `timeoutMs` of its `exec` was over; undefined for other errors. */
  readonly command: TimedOutCommand | undefined;

  /** @internal */
  constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.kind = kind;
    this.status = details.status;
    this.code = details.code;
    this.executionId = details.executionId;
    this.command = details.command;
  }
}
