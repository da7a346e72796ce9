import { z } from 'zod';
import { onlyQueuedField } from './extension/cancel-queued.ts';

/**
 * Executions on the wire, under `/v1/devboxes/{id}`.
 *
 * Source: the official client's `resources/devboxes/executions` types and the published OpenAPI description.
 * Views are parsed loosely: a field that a newer service adds passes through, a missing optional one stays unset.
 */
export const executionStatus = z.enum(['queued', 'running', 'completed']);
/** Where a command is: it waits, runs, or has ended. */
export type ExecutionStatus = z.infer<typeof executionStatus>;

/**
 * Extension: what the embedded devbox adds to an execution view under the key `nsh`. The service has no such
 * key, so its absence means "unknown", never "no".
 */
export const executionDetail = z.looseObject({
  /** The command's text as it was sent. */
  command: z.string(),
  /** See `extension/command-number.ts`; unset for a command without a shell. */
  number: z.number().int().optional(),
  /** See `extension/command-id.ts`; unset where its client gave none. */
  command_id: z.string().optional(),
  /** Unix time, ms. */
  queued_at_ms: z.number(),
  /** Unix time, ms; unset while queued and for what was cancelled in the queue. */
  started_at_ms: z.number().optional(),
  /** Unix time, ms; unset until completed. */
  ended_at_ms: z.number().optional(),
  /**
   * How a completed execution ended: `exited` by itself, `shell_ended` because its bash ended with it (`exit`,
   * a signal), `cancelled` before it ran.
   */
  end_reason: z.enum(['exited', 'shell_ended', 'cancelled']).optional(),
  /** Why, for people: "cancelled before it ran", "the shell ended (exit 3) before this command ran". */
  message: z.string().optional(),
  /** The shell's working directory after the command. */
  cwd: z.string().optional(),
  /** Set on the first command of a bash that replaced one which had ended. */
  fresh_shell: z.boolean().optional(),
  /** Bytes written so far. */
  stdout_bytes: z.number(),
  stderr_bytes: z.number(),
});
/** What the embedded devbox tells beyond the service, under `nsh`. */
export type ExecutionDetail = z.infer<typeof executionDetail>;

/** The execution view. Output and exit status stay unset until `completed`. */
export const executionView = z.looseObject({
  devbox_id: z.string(),
  execution_id: z.string(),
  status: executionStatus,
  exit_status: z.number().nullish(),
  shell_name: z.string().nullish(),
  stdout: z.string().nullish(),
  stderr: z.string().nullish(),
  stdout_truncated: z.boolean().nullish(),
  stderr_truncated: z.boolean().nullish(),
  nsh: executionDetail.optional(),
});
/** An execution as the server tells of it. Source: the official client's `DevboxAsyncExecutionDetailView`. */
export type ExecutionView = z.infer<typeof executionView>;

/** The answer of the deprecated `execute_sync`. */
export const executionDetailView = z.looseObject({
  devbox_id: z.string(),
  exit_status: z.number(),
  stdout: z.string(),
  stderr: z.string(),
  shell_name: z.string().nullish(),
});
export type ExecutionDetailView = z.infer<typeof executionDetailView>;

/** Longest hold of `execute` and `wait_for_status`, seconds. */
export const MAX_HOLD_SECONDS = 25;
/** Lines of each stream that a view carries when `last_n` is not given. */
export const DEFAULT_LAST_N = 100;
/** Longest command the embedded devbox takes, bytes of UTF-8. The service documents about 131,000 characters. */
export const MAX_COMMAND_BYTES = 1024 * 1024;

const holdSeconds = z.number().min(0).max(MAX_HOLD_SECONDS).nullish();

export const executeAsyncBody = z.object({
  command: z.string(),
  shell_name: z.string().nullish(),
  attach_stdin: z.boolean().nullish(),
});
export type ExecuteAsyncBody = z.input<typeof executeAsyncBody>;

export const executeBody = z.object({
  command: z.string(),
  /** A UUIDv7 of the client's, "for idempotency". */
  command_id: z.string(),
  shell_name: z.string().nullish(),
  /** Seconds to hold for the end of the command; it is not killed afterwards. */
  optimistic_timeout: holdSeconds,
});
export type ExecuteBody = z.input<typeof executeBody>;

export const executeSyncBody = z.object({
  command: z.string(),
  shell_name: z.string().nullish(),
  attach_stdin: z.boolean().nullish(),
});

export const waitForExecutionBody = z.object({
  statuses: z.array(executionStatus).min(1),
  timeout_seconds: holdSeconds,
});
export type WaitForExecutionBody = z.input<typeof waitForExecutionBody>;

export const killBody = z.object({ kill_process_group: z.boolean().nullish(), ...onlyQueuedField });
export type KillBody = z.input<typeof killBody>;

export const sendStdInBody = z.object({
  text: z.string().nullish(),
  signal: z.enum(['EOF', 'INTERRUPT']).nullish(),
});
export type SendStdInBody = z.input<typeof sendStdInBody>;

export const sendStdInResult = z.looseObject({
  devbox_id: z.string(),
  execution_id: z.string(),
  success: z.boolean(),
});
export type SendStdInResult = z.infer<typeof sendStdInResult>;

/** The data of an `event: error`; code 408 is the idle time-out, answered by connecting again. */
export const streamError = z.looseObject({ code: z.coerce.string(), message: z.string() });

/** One of the two streams that a command writes. */
export type OutputStreamName = 'stdout' | 'stderr';
