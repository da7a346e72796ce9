import type { ExecutionView } from '../../api/execution.ts';
import type { ResultPort } from '../../repl/runtime/shell-port.ts';

/** How a command ended, in the REPL's words. */
export function resultPort(exitCode: number | null, { nsh }: ExecutionView): ResultPort {
  const durationMs =
    nsh?.ended_at_ms === undefined || nsh.started_at_ms === undefined
      ? undefined
      : nsh.ended_at_ms - nsh.started_at_ms;
  return {
    exitCode,
    reason: nsh?.end_reason,
    message: nsh?.message,
    cwd: nsh?.cwd,
    durationMs,
    freshShell: nsh?.fresh_shell ?? false,
  };
}
