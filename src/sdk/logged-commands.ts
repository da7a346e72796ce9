import type { LogEntry } from '../api/log.ts';

/** What the log tells of one command. */
export interface LoggedCommand {
  readonly command: string;
  readonly executionId: string | undefined;
  /** Unix time, ms. */
  readonly loggedAtMs: number;
  /** Unset while the log has no line of its end: it runs, waits, or the log lags behind. */
  endedAtMs?: number;
  exitCode?: number;
}

/**
 * The commands of a shell from the devbox's log, oldest first. A line with `cmd` begins one, a line with `exit_code`
 * and the same `cmd_id` ends it. Where the log has no ids, the order tells: a shell runs one command at a time.
 */
export function loggedCommands(logs: readonly LogEntry[], shellName: string): LoggedCommand[] {
  const commands: LoggedCommand[] = [];
  const open = new Map<string | undefined, LoggedCommand[]>();
  const ofShell = logs.filter((entry) => entry.shell_name == null || entry.shell_name === shellName);
  for (const entry of ofShell.toSorted((a, b) => a.timestamp_ms - b.timestamp_ms)) {
    const id = entry.cmd_id ?? undefined;
    if (entry.cmd != null) {
      const command = { command: entry.cmd, executionId: id, loggedAtMs: entry.timestamp_ms };
      commands.push(command);
      open.set(id, [...(open.get(id) ?? []), command]);
    }
    if (entry.exit_code != null) {
      const ended = open.get(id)?.shift();
      if (ended) Object.assign(ended, { endedAtMs: entry.timestamp_ms, exitCode: entry.exit_code });
    }
  }
  return commands;
}
