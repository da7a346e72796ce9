import type { OutputGapCallback } from './output/output-gap.ts';
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
  /** The bounds of the waiting. They end nothing but it. */
  longPoll?:
    | {
        /** Longest time for the whole call, ms; over it comes an error of kind `timeout`. Default: none. */
        timeoutMs?: number | undefined;
      }
    | undefined;
}

/**
 * Chunks of output as text. A character that was cut between two chunks arrives whole in the second.
 * When a callback returns a promise, it is awaited before the callback is called again; its stream waits for it, and so does
 * the sender. What else it returns is ignored, so `(chunk) => list.push(chunk)` is fine. Where both streams are wanted of
 * the embedded devbox, which tells in which order it saw them grow, callbacks are called in that order, and the other
 * stream waits too.
 */
export type OutputCallback = (chunk: string) => unknown;

/** Who gets the output of a command as it comes. One that throws gets no more; `result()` then rejects with that error. */
export interface ExecuteStreamingCallbacks {
  /** Gets what the command writes to stdout. */
  stdout?: OutputCallback | undefined;
  /** Gets what it writes to stderr. */
  stderr?: OutputCallback | undefined;
  /** Gets the chunks of both, in that order; on the service, which does not tell it, in the order of their arrival. */
  output?: OutputCallback | undefined;
  /**
   * Gets what the server no longer holds of a long output, in its place in the stream. Without it the result is an error
   * of kind `output_gap`, after all the rest was handed out.
   */
  onGap?: OutputGapCallback | undefined;
}

/** An extension; the official client has no such parameter. */
export interface MergeStderrParams {
  /**
   * Whether stderr goes where stdout goes: one stream, in the order in which it was written. Where the server does not
   * offer it (the service) bash does it, `eval '…' 2>&1`, and that is the command in the log there. Default: false.
   */
  merge_stderr?: boolean | null | undefined;
}

/** How a command is run to its end. Source: the official client's `DevboxExecuteParams`; the time limit is ours. */
export interface ExecParams extends ExecuteStreamingCallbacks, TimeLimitParams, MergeStderrParams {
  /** The named shell to run in; `shell.exec` sets it itself. Default: a bash of its own. */
  shell_name?: string | null | undefined;
  /** Lines of each stream that the result's view carries, a number as text. Default: 100. */
  last_n?: string | undefined;
  /**
   * Seconds (0 to 25) that the launch itself waits for the end of the command before a long poll takes over; the
   * command is not ended then. Default: 25. Without effect when there are callbacks: they need the execution at once.
   */
  optimistic_timeout?: number | null | undefined;
}

/** How a command is launched. Source: the official client's `DevboxExecuteAsyncParams`. */
export interface ExecAsyncParams extends ExecuteStreamingCallbacks, MergeStderrParams {
  /** The named shell to run in; `shell.execAsync` sets it itself. Default: a bash of its own. */
  shell_name?: string | null | undefined;
  /** Whether `sendStdIn` reaches the command; otherwise its stdin is empty. Default: false. */
  attach_stdin?: boolean | null | undefined;
  /**
   * The id that the command is launched under, a UUIDv7 that was never used: on the embedded devbox its events and the shell's
   * queue carry it (`command_id`), so that one knows it there before the launch is answered. Default: a new one.
   */
  command_id?: string | null | undefined;
}

/** For debugging: one line per event, never a key, a command or output. */
export interface Logger {
  /** Each request with its status and time, ms. */
  debug(line: string): void;
  /** What went wrong without failing a call: retries, lost output, a listener that threw. */
  warn(line: string): void;
}
