import type { TimeLimitParams } from './time-limit.ts';

/** Options of one call. Names and units are those of the official client. */
export interface RequestOptions {
  /** Ends the call at once with an error of kind `aborted`. A command that was launched goes on. */
  signal?: AbortSignal | null | undefined;
  /** How long one attempt may wait for its answer, ms. Default: the client's, 30 s; a hold comes on top. */
  timeout?: number | undefined;
  /** How often a failed attempt is repeated, where that is safe. Default: the client's, 5. */
  maxRetries?: number | undefined;
}

/** Options of a call that waits for a command or a devbox. */
export interface LongPollRequestOptions extends RequestOptions {
  longPoll?:
    | {
        /** Longest time for the whole call, ms; over it comes an error of kind `timeout`. Default: none. */
        timeoutMs?: number | undefined;
      }
    | undefined;
}

/**
 * Chunks of output as text. A character that was cut between two chunks arrives whole in the second.
 * When a callback returns a promise, it is awaited before the execution's next chunk is handed out. What else it
 * returns is ignored, so `(chunk) => list.push(chunk)` is fine.
 */
export type OutputCallback = (chunk: string) => unknown;

export interface ExecuteStreamingCallbacks {
  stdout?: OutputCallback | undefined;
  stderr?: OutputCallback | undefined;
  /** Gets the chunks of both, in the order of their arrival: the order between the two streams is best effort. */
  output?: OutputCallback | undefined;
}

export interface ExecParams extends ExecuteStreamingCallbacks, TimeLimitParams {
  shell_name?: string | null | undefined;
  /** Lines of each stream that the result's view carries, a number as text. Default: 100. */
  last_n?: string | undefined;
  /**
   * Seconds (0 to 25) that the launch itself waits for the end of the command before a long poll takes over; the
   * command is not ended then. Default: 25. Without effect when there are callbacks: they need the execution at once.
   */
  optimistic_timeout?: number | null | undefined;
}

export interface ExecAsyncParams extends ExecuteStreamingCallbacks {
  shell_name?: string | null | undefined;
  /** Whether `sendStdIn` reaches the command; otherwise its stdin is empty. Default: false. */
  attach_stdin?: boolean | null | undefined;
}

/** For debugging: one line per event, never a key, a command or output. */
export interface Logger {
  debug(line: string): void;
  warn(line: string): void;
}
