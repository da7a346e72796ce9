import type { ExecutionDetail, ExecutionView } from '../../../api/execution.ts';
import type { AdoptedDetail } from '../../../api/extension/adopted.ts';
import type { LateOutputDetail } from '../../../api/extension/late-output.ts';
import type { OutputTrimDetail } from '../../../api/extension/output.ts';
import type { Spool } from '../../engine/spool/spool.ts';
import { textOf } from '../../output/text-of.ts';
import type { Execution } from './execution.ts';

/**
 * The execution as the wire shows it: output and exit status stay unset until it has completed.
 *
 * @param lastN how many lines of each stream the view carries
 */
export async function executionView(execution: Execution, lastN: number): Promise<ExecutionView> {
  const view = executionSummary(execution);
  if (execution.end === undefined) return view;
  const [stdout, stderr] = await Promise.all([
    lastLines(execution.stdout, lastN),
    lastLines(execution.stderr, lastN),
  ]);
  return {
    ...view,
    stdout: stdout.text,
    stderr: stderr.text,
    stdout_truncated: stdout.truncated,
    stderr_truncated: stderr.truncated,
  };
}

/** The view without output, for who only wants to know how it is. */
export function executionSummary(execution: Execution): ExecutionView {
  const { request, end } = execution;
  return {
    devbox_id: execution.devboxId,
    execution_id: execution.id,
    status: execution.status,
    ...(request.shellName === undefined ? {} : { shell_name: request.shellName }),
    ...(end === undefined ? {} : { exit_status: end.exitStatus }),
    nsh: executionDetail(execution),
  };
}

function executionDetail(execution: Execution): ExecutionDetail {
  const { request, end } = execution;
  return {
    command: request.command,
    ...(execution.number === undefined ? {} : { number: execution.number }),
    ...(request.commandId === undefined ? {} : { command_id: request.commandId }),
    queued_at_ms: execution.queuedAtMs,
    ...(execution.startedAtMs === undefined ? {} : { started_at_ms: execution.startedAtMs }),
    ...(execution.endedAtMs === undefined ? {} : { ended_at_ms: execution.endedAtMs }),
    ...(end === undefined ? {} : { end_reason: end.reason }),
    ...(execution.message === undefined ? {} : { message: execution.message }),
    ...(end?.cwd === undefined ? {} : { cwd: end.cwd }),
    ...(execution.freshShell ? { fresh_shell: true } : {}),
    ...(request.mergeStderr === true ? { merge_stderr: true } : {}),
    stdout_bytes: execution.stdout.size,
    stderr_bytes: execution.stderr.size,
    ...trimDetail(execution),
    ...lateDetail(execution),
    ...adoptedDetail(execution),
  };
}

function adoptedDetail({ adopted }: Execution): AdoptedDetail {
  return adopted ? { adopted: true } : {};
}

function trimDetail({ stdout, stderr }: Execution): OutputTrimDetail {
  const failure = stdout.failure ?? stderr.failure;
  return {
    ...(stdout.start === 0 ? {} : { stdout_trimmed_bytes: stdout.start }),
    ...(stderr.start === 0 ? {} : { stderr_trimmed_bytes: stderr.start }),
    ...(failure === undefined ? {} : { output_failure: failure.message }),
  };
}

function lateDetail({ late: { stdout, stderr } }: Execution): LateOutputDetail {
  return {
    ...(stdout.size === 0 ? {} : { late_stdout_bytes: stdout.size }),
    ...(stderr.size === 0 ? {} : { late_stderr_bytes: stderr.size }),
  };
}

async function lastLines(spool: Spool, lines: number): Promise<{ text: string; truncated: boolean }> {
  if (spool.size === 0) return { text: '', truncated: false };
  const { bytes, truncated } = await spool.tail(lines);
  return { text: textOf(bytes), truncated };
}
