import { z } from 'zod';
import { executionView } from '../execution.ts';
import { shellView } from './shell.ts';

/**
 * Extension: what happens in the shells of a devbox, live, as server-sent events.
 *
 * `GET /nsh/v1/devboxes/{id}/shells/{name}/events` tells of one shell, `GET /nsh/v1/devboxes/{id}/events` of all. The
 * stream begins with a `snapshot`; a client that was cut off sends the last `id` it saw as `Last-Event-ID` (or
 * `?after=`) and gets what came since, or a `snapshot` with `missed: true` when that is no longer held. Whoever
 * applies the events to the snapshot has the shells' state. Unknown types are to be passed over.
 */

/** Name of the capability in `GET /nsh/v1/server`. */
export const EVENTS_CAPABILITY = 'events';

const base = {
  /** Grows with every event of the devbox, also over a restart of the server; not by one. The event's `id:` too. */
  seq: z.number().int(),
  /** Unix time, ms. */
  time_ms: z.number(),
};
const ofShell = { ...base, shell_name: z.string() };
const ofExecution = { ...ofShell, execution_id: z.string() };

/** The state after the event `seq`; what follows has a greater one. */
const snapshot = z.looseObject({
  ...base,
  type: z.literal('snapshot'),
  devbox_id: z.string(),
  /** The shell that is watched; unset when all are. */
  shell_name: z.string().optional(),
  /** Of one shell: it alone, or nothing while it does not exist. */
  shells: z.array(shellView),
  /** Events before this one were dropped: the client asked for too old ones, or did not read for too long. */
  missed: z.boolean(),
});

export const shellEvent = z.discriminatedUnion('type', [
  snapshot,
  z.looseObject({
    ...ofExecution,
    type: z.literal('queued'),
    command: z.string(),
    number: z.number().int().optional(),
    command_id: z.string().optional(),
  }),
  z.looseObject({ ...ofExecution, type: z.literal('started'), fresh_shell: z.boolean().optional() }),
  /** Bytes so far; at most about ten a second for each execution, and only the latest is held for a resume. */
  z.looseObject({
    ...ofExecution,
    type: z.literal('output'),
    stdout_bytes: z.number(),
    stderr_bytes: z.number(),
  }),
  /** It ran and has ended. The view has no output. */
  z.looseObject({ ...ofExecution, type: z.literal('completed'), execution: executionView }),
  /** It ended without having run; `execution.nsh.message` says why. */
  z.looseObject({ ...ofExecution, type: z.literal('cancelled'), execution: executionView }),
  /** Bytes that background jobs wrote after their command's end; as `output`. */
  z.looseObject({
    ...ofExecution,
    type: z.literal('late_output'),
    late_stdout_bytes: z.number(),
    late_stderr_bytes: z.number(),
  }),
  /** Its bash has started. */
  z.looseObject({
    ...ofShell,
    type: z.literal('shell_opened'),
    pid: z.number().int(),
    cwd: z.string(),
    /** Whether this bash replaced one that had ended. */
    fresh_shell: z.boolean(),
  }),
  /** Its bash has ended by itself; the next command starts a fresh one in `cwd`. */
  z.looseObject({ ...ofShell, type: z.literal('shell_ended'), message: z.string(), cwd: z.string() }),
  /** The state of the bash that ended was brought back into a fresh one. */
  z.looseObject({ ...ofShell, type: z.literal('shell_restored'), cwd: z.string() }),
  /** The shell is gone from the list, with all that waited; a new one may get its name. */
  z.looseObject({
    ...ofShell,
    type: z.literal('shell_closed'),
    reason: z.enum(['request', 'idle_timeout', 'devbox_suspend', 'devbox_shutdown']),
    message: z.string(),
  }),
  z.looseObject({ ...ofShell, type: z.literal('cwd_changed'), cwd: z.string() }),
  /** `null`: it is never closed for being idle. */
  z.looseObject({
    ...ofShell,
    type: z.literal('idle_timeout_changed'),
    idle_timeout_ms: z.number().nullable(),
  }),
]);
/** What happened in a shell: one item of `shell.watch()`. */
export type ShellEvent = z.infer<typeof shellEvent>;
