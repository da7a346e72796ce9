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
    if (filter.executionId !== undefined && execution.id !== filter.executionId) continue;
    if (filter.shellName !== undefined && execution.request.shellName !== filter.shellName) continue;
    entries.push(...entriesOf(execution));
  }
  return entries.sort((a, b) => a.timestamp_ms - b.timestamp_ms);
}

function* entriesOf(execution: Execution): Iterable<LogEntry> {
  const { command, shellName } = execution.request;
  const common = {
    level: 'INFO',
    source: 'exec',
    cmd_id: execution.id,
    ...(shellName === undefined ? {} : { shell_name: shellName }),
  };
  yield { ...common, timestamp_ms: execution.queuedAtMs, cmd: command };
  const { end, endedAtMs } = execution;
  if (end === undefined || endedAtMs === undefined) return;
  yield {
    ...common,
    timestamp_ms: endedAtMs,
    exit_code: end.exitStatus,
    ...(end.message === undefined ? {} : { message: end.message }),
  };
}
