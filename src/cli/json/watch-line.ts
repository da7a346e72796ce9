import { z } from 'zod';
import { historyLine } from './history-line.ts';

const { number, execution_id, command } = historyLine.shape;
const about = { number, execution_id };
const cwd = z.string().describe('its directory');
const message = z.string().nullable().describe('why, for people');
const bytes = (stream: string) => z.int().describe(`written to ${stream} so far`);

const line = <Type extends string, Fields extends z.ZodRawShape>(type: Type, what: string, fields: Fields) =>
  z
    .strictObject({ type: z.literal(type), time_ms: z.number().describe('Unix time, ms'), ...fields })
    .describe(what);

/** A line of `nsh watch --json`: something that happened in the shell. What the server does not tell is null. */
export const watchLine = z.discriminatedUnion('type', [
  line('shell', 'how it is: the first line, and again when a break in the connection cost events', {
    shell_name: z.string().describe('its name'),
    state: z
      .enum(['idle', 'running', 'ended'])
      .nullable()
      .describe('`ended`: it has no bash; the next command starts one. On the service null'),
    cwd: cwd.nullable(),
    queue: z
      .array(z.strictObject({ ...about, command, status: z.enum(['queued', 'running']) }))
      .describe('the running command, then those that wait, in order'),
    missed: z
      .boolean()
      .describe('events before this line are missing; what became of commands meanwhile was told before it'),
  }),
  line('queued', 'a command was accepted', { ...about, command }),
  line('started', 'it runs', about),
  line('output', 'it has written; at most ten a second', {
    ...about,
    stdout_bytes: bytes('stdout'),
    stderr_bytes: bytes('stderr'),
  }),
  line('completed', 'it ran, and has ended', {
    ...about,
    exit_status: historyLine.shape.exit_status,
    end_reason: historyLine.shape.end_reason,
    message,
    duration_ms: historyLine.shape.duration_ms,
  }),
  line('cancelled', 'it ended without having run', { ...about, message }),
  line('late_output', 'its background jobs have written', {
    ...about,
    stdout_bytes: bytes('stdout, after its end,'),
    stderr_bytes: bytes('stderr, after its end,'),
  }),
  line('shell_opened', 'its bash has started', {
    pid: z.int().describe('of bash'),
    cwd,
    fresh_shell: z.boolean().describe('it replaced one that had ended'),
  }),
  line('shell_ended', 'its bash has ended; the shell is there, the next command starts a fresh one', {
    message,
    cwd,
  }),
  line('shell_restored', 'the state of the bash that ended is in the new one', { cwd }),
  line('shell_closed', 'the shell is gone: the last line', {
    reason: z
      .enum(['request', 'idle_timeout', 'devbox_suspend', 'devbox_shutdown'])
      .nullable()
      .describe('null: not known'),
    message,
  }),
  line('cwd_changed', 'a command has left it in another directory', { cwd }),
  line('idle_timeout_changed', 'how long it may be idle before it is closed', {
    idle_timeout_ms: z.number().nullable().describe('ms; null: for ever'),
  }),
  line('connection', 'of nsh itself: events that come meanwhile are told when it is back', {
    state: z.enum(['lost', 'back']).describe('which'),
    message,
  }),
]);
export type WatchLine = z.infer<typeof watchLine>;
