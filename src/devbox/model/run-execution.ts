import type { BashSession, Outcome } from '../engine/bash-session.ts';
import type { Execution } from './execution.ts';

/**
 * Runs an execution in a bash and waits for its end; what it prints goes to its spools.
 * What background jobs print afterwards is read by the engine, so that they never block, and not kept.
 *
 * @throws Error if the bash has ended or is busy: the command has not run then
 */
export async function runExecution(
  session: BashSession,
  execution: Execution,
  freshShell: boolean,
): Promise<Outcome> {
  const running = session.run({
    command: execution.request.command,
    stdin: execution.request.attachStdin ? 'attached' : 'none',
    stdout: (chunk) => execution.stdout.append(chunk),
    stderr: (chunk) => execution.stderr.append(chunk),
  });
  execution.begin(running, freshShell);
  return running.outcome;
}

/** Completes an execution that ran. */
export function completeWith(execution: Execution, outcome: Outcome): void {
  const { exitStatus } = outcome;
  if (outcome.kind === 'exited') {
    execution.complete({ reason: 'exited', exitStatus, cwd: outcome.cwd });
  } else {
    execution.complete({
      reason: 'shell_ended',
      exitStatus,
      message: `the shell ended with this command (${outcome.end.message})`,
    });
  }
}
