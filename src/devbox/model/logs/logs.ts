import type { LogEntry } from '../../../api/log.ts';
import type { Spool } from '../../engine/spool/spool.ts';
import { textOf } from '../../output/text-of.ts';
import type { Execution } from '../execution/execution.ts';

export interface LogFilter {
  readonly executionId?: string;
  readonly shellName?: string;
}

/** So many of the newest commands are told with what they printed: the last lines of each stream. */
const WITH_OUTPUT = 100;
const OUTPUT_LINES = 100;
const OUTPUT_BYTES = 64 * 1024;

/**
 * The log is what the kept executions tell, by time: a line with `cmd` for each accepted command, lines with what it printed
 * when it has completed, and one with `exit_code`. A client that never got the answer to its launch finds it here by its text.
 */
export async function logsOf(executions: Iterable<Execution>, filter: LogFilter): Promise<LogEntry[]> {
  const fitting = [...executions].filter((execution) => fits(execution, filter));
  const newest = fitting.length - WITH_OUTPUT;
  // Which have ended is found out before anything is read: `LogFeed` tells of those that end later.
  const parts = fitting.map(async (execution, index) => [
    startOf(execution),
    ...(await endOf(execution, index >= newest)),
  ]);
  return (await Promise.all(parts)).flat().sort((a, b) => a.timestamp_ms - b.timestamp_ms);
}

export function fits({ id, request }: Execution, { executionId, shellName }: LogFilter): boolean {
  if (executionId !== undefined && id !== executionId) return false;
  return shellName === undefined || request.shellName === shellName;
}

/** The line of its acceptance. */
export function startOf(execution: Execution): LogEntry {
  return { ...common(execution), timestamp_ms: execution.queuedAtMs, cmd: execution.request.command };
}

/** What it printed, and the line of its end; nothing before it has completed. */
export async function endOf(execution: Execution, withOutput = true): Promise<LogEntry[]> {
  const { end, endedAtMs } = execution;
  if (end === undefined || endedAtMs === undefined) return [];
  const line = { ...common(execution), timestamp_ms: endedAtMs };
  const last: LogEntry = {
    ...line,
    exit_code: end.exitStatus,
    ...(end.message === undefined ? {} : { message: end.message }),
  };
  if (!withOutput) return [last];
  const [out, err] = await Promise.all([linesOf(execution.stdout), linesOf(execution.stderr)]);
  return [
    ...out.map((message) => ({ ...line, message })),
    ...err.map((message) => ({ ...line, level: 'ERROR', message })),
    last,
  ];
}

async function linesOf(spool: Spool): Promise<string[]> {
  if (spool.size === 0) return [];
  const { bytes } = await spool.tail(OUTPUT_LINES, OUTPUT_BYTES);
  return textOf(bytes).replace(/\n$/, '').split('\n');
}

function common({ id, request: { shellName } }: Execution) {
  return {
    level: 'INFO',
    source: 'exec',
    cmd_id: id,
    ...(shellName === undefined ? {} : { shell_name: shellName }),
  };
}
