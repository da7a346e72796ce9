import { z } from 'zod';

/**
 * Extension routes of the embedded devbox, all under `/nsh/v1`: the service has none of them, so a client finds
 * them by `GET /nsh/v1/server` and does without on a 404.
 */
export const queuedCommand = z.looseObject({
  execution_id: z.string(),
  /** See `command-number.ts`. Unset: an older server. */
  number: z.number().int().optional(),
  /** See `command-id.ts`. Unset: its client gave none, or an older server. */
  command_id: z.string().optional(),
  command: z.string(),
  status: z.enum(['queued', 'running']),
  /** Unix time, ms. */
  queued_at_ms: z.number(),
  /** Unix time, ms; unset while queued. */
  started_at_ms: z.number().optional(),
  /** It has stdin attached, and a process of it sleeps in a read of that. Unset: it does not, or that is not known. */
  waits_for_input: z.literal(true).optional(),
});
/** A command that runs or waits in a shell. */
export type QueuedCommand = z.infer<typeof queuedCommand>;

export const shellView = z.looseObject({
  devbox_id: z.string(),
  shell_name: z.string(),
  /** This shell and no later one of its name. What runs in it finds it as `NSH_SHELL_ID`. Unset: an older server. */
  shell_id: z.string().optional(),
  /** `idle` and `running` have a live bash; `ended` has none, and the next command starts a fresh one. */
  state: z.enum(['idle', 'running', 'ended']),
  /** The process id of its bash; unset when `ended`. */
  pid: z.number().int().optional(),
  cwd: z.string(),
  /** Unix time, ms. */
  created_at_ms: z.number(),
  /** Unix time, ms, of the last command sent, cancelled or ended, or client attached. */
  last_used_at_ms: z.number(),
  /** Idle for so long, the shell is closed, ms; unset: never. */
  idle_timeout_ms: z.number().optional(),
  /** Its bash has ended and left a state that `restore` can bring back; unset where there is nothing to restore. */
  restorable: z.literal(true).optional(),
  /**
   * Where on the devbox its state is written whenever it was idle for a moment, a text for bash: variables, functions,
   * aliases and options, then directory and traps. Not there before the first time. Unset: an older server.
   */
  state_file: z.string().optional(),
  /** The number of the latest command that it accepted, 0 before the first. See `command-number.ts`. Unset: an older server. */
  last_number: z.number().int().optional(),
  /** The running command first, then those that wait, in order. */
  queue: z.array(queuedCommand),
});
/** A named shell as the embedded devbox tells of it; the service tells of none. */
export type ShellView = z.infer<typeof shellView>;

/** `GET /nsh/v1/devboxes/{id}/shells` */
export const shellListView = z.looseObject({ shells: z.array(shellView) });
export type ShellListView = z.infer<typeof shellListView>;

/** Name of the capability in `GET /nsh/v1/server`: `idle_timeout_ms` is understood. */
export const IDLE_TIMEOUT_CAPABILITY = 'idle_timeout';

/** Name of the capability in `GET /nsh/v1/server`: `environment` is understood. */
export const ENVIRONMENT_CAPABILITY = 'environment';

/** Name of the capability in `GET /nsh/v1/server`: `state_file` is in a shell's view. */
export const STATE_FILE_CAPABILITY = 'state_file';

/** `PUT /nsh/v1/devboxes/{id}/shells/{name}`: attaches to the shell, or creates it, in `cwd` if given. */
export const openShellBody = z.object({
  cwd: z.string().nullish(),
  /**
   * All that its bash inherits, in place of what the server has itself; for a bash started now and those that follow it
   * in this shell. Without effect on one that lives.
   */
  environment: z.record(z.string(), z.string()).nullish(),
  /** Closes the shell when it has run nothing for so long, ms. Unset: stays as it is (at first: never); null: never. */
  idle_timeout_ms: z.number().int().min(1).nullish(),
});
export const openShellView = z.looseObject({ created: z.boolean(), shell: shellView });
/** The answer to `shell.open()`. */
export type OpenShellView = z.infer<typeof openShellView>;

/** `POST /nsh/v1/devboxes/{id}/shells/{name}/close`: ends bash, cancels what waits. `closed` is false if there was none. */
export const closeShellView = z.looseObject({ closed: z.boolean() });
export type CloseShellView = z.infer<typeof closeShellView>;

/** Name of the capability in `GET /nsh/v1/server`: the route `restore`, and `restorable` in a shell's view. */
export const RESTORE_CAPABILITY = 'restore';

/**
 * `POST /nsh/v1/devboxes/{id}/shells/{name}/restore`: starts a fresh bash with the state of the one that has ended, as
 * it was when it was last idle: variables, functions, aliases, options, traps, directory and umask; not its jobs.
 */
export const restoreShellView = z.looseObject({ shell: shellView });
export type RestoreShellView = z.infer<typeof restoreShellView>;
