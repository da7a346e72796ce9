import type { ExitReport } from '../../../src/repl/state/exit-report.ts';

/** How a command ends that all went well with. */
export const SUCCEEDED = {
  kind: 'completed',
  exitStatus: 0,
  reason: 'exited',
  message: undefined,
  cwd: undefined,
  durationMs: 300,
  freshShell: false,
} as const satisfies ExitReport;
