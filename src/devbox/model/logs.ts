import type { LogEntry } from '../../api/log.ts';
import type { Execution } from './execution.ts';

export interface LogFilter {
  readonly executionId?: string;
  readonly shellName?: string;
}

/**
 * The log is what the kept executions tell: a line with `cmd` for each accepted command, and one with `exit_code`
 * for each that completed, by time. A client that never got the answer to its launch finds it here by its text.
 */
export function logsOf(executions: Iterable<Execution>, filter: LogFilter): LogEntry[] {
  const entries: LogEntry[] = [];
  for (const execution of executions) {
    if (!fits(execution, filter)) continue;
    entries.push(startOf(execution));
    const end = endOf(execution);
    if (end !== undefined) entries.push(end);
  }
  return entries.sort((a, b) => a.timestamp_ms - b.timestamp_ms);
}

export function fits({ id, request }: Execution, { executionId, shellName }: LogFilter): boolean {
  if (executionId !== undefined && id !== executionId) return false;
  return shellName === undefined || request.shellName === shellName;
}

/** The line of its acceptance. */
export function startOf(execution: Execution): LogEntry {
  return { ...common(execution), timestamp_ms: execution.queuedAtMs, cmd: execution.request.command };
}

/** The line of its end; undefined before it has completed. */
export function endOf(execution: Execution): LogEntry | undefined {
  const { end, endedAtMs } = execution;
  if (end === undefined || endedAtMs === undefined) return undefined;
  return {
    ...common(execution),
    timestamp_ms: endedAtMs,
    exit_code: end.exitStatus,
    ...(end.message === undefined ? {} : { message: end.message }),
  };
}

function common({ id, request: { shellName } }: Execution) {
  return {
    level: 'INFO',
    source: 'exec',
    cmd_id: id,
    ...(shellName === undefined ? {} : { shell_name: shellName }),
  };
}
