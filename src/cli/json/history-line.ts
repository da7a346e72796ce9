import { z } from 'zod';
import type { ShellCommand } from '../../sdk/shell-commands.ts';

const number = z
  .int()
  .nullable()
  .describe('its place among the commands of the shell, from 1; it stays. null: not known yet');
const time = (what: string) => z.number().nullable().describe(`Unix time, ms: when it ${what}`);

/** A line of `nsh history --json`, and the first of `nsh log --json`: a command. What nobody knows is null. */
export const historyLine = z.strictObject({
  number,
  execution_id: z.string().nullable().describe('the server’s id of it; `nsh log` takes it for N'),
  command: z.string().describe('its text as it was sent'),
  status: z.enum(['queued', 'running', 'completed', 'unknown']).describe('`unknown`: it is not known to run'),
  exit_status: z.int().nullable().describe('128 + n after signal n; null until it has ended'),
  end_reason: z
    .enum(['exited', 'shell_ended', 'cancelled'])
    .nullable()
    .describe('`shell_ended`: its bash ended with it; `cancelled`: it never ran. On the service null'),
  queued_at_ms: time('was accepted, on the service logged'),
  started_at_ms: time('began; on the service null'),
  ended_at_ms: time('ended'),
  duration_ms: z.number().nullable().describe('how long it ran; on the service null'),
  cwd: z.string().nullable().describe('the shell’s directory after it; on the service null'),
});
export type HistoryLine = z.infer<typeof historyLine>;

export function historyLineOf(command: ShellCommand): HistoryLine {
  const { startedAtMs, endedAtMs } = command;
  const ran = startedAtMs !== undefined && endedAtMs !== undefined;
  return {
    number: command.number ?? null,
    execution_id: command.executionId ?? null,
    command: command.command,
    status: command.status,
    exit_status: command.exitCode,
    end_reason: command.endReason ?? null,
    queued_at_ms: command.queuedAtMs,
    started_at_ms: startedAtMs ?? null,
    ended_at_ms: endedAtMs ?? null,
    duration_ms: ran ? endedAtMs - startedAtMs : null,
    cwd: command.cwd ?? null,
  };
}
