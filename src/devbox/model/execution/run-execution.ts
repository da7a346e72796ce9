import type { BashSession, Outcome } from '../../engine/bash-session.ts';
import type { Execution } from './execution.ts';

/** A bash, and what its commands have to know of it. */
export interface LiveBash {
  readonly session: BashSession;
  /** Whether it replaced one that had ended, and has run nothing yet. */
  readonly fresh: boolean;
  /** Aborts when it has ended. */
  readonly life: AbortSignal;
}

/**
 * Runs an execution in a bash and waits for its end; what it prints goes to its spools, and what its background jobs
 * print afterwards to those of its late output.
 *
 * @throws Error if the bash has ended or is busy: the command has not run then
 */
export async function runExecution(
  { session, fresh, life }: LiveBash,
  execution: Execution,
): Promise<Outcome> {
  const { command, attachStdin, mergeStderr } = execution.request;
  const running = session.run({
    command,
    // By this another server knows the command again.
    tag: execution.id,
    stdin: attachStdin ? 'attached' : 'none',
    ...(mergeStderr === true ? { mergeStderr } : {}),
    stdout: (chunk) => execution.append('stdout', chunk),
    stderr: (chunk) => execution.append('stderr', chunk),
    late: (stream, chunk) => execution.appendLate(stream, chunk),
  });
  execution.begin({ running, freshShell: fresh, life });
  return running.outcome;
}

/** Completes an execution that ran, or that its bash could not be given. */
export function completeWith(execution: Execution, outcome: Outcome): void {
  if (outcome.kind === 'exited') {
    const { exitStatus, cwd } = outcome;
    execution.complete({ reason: 'exited', exitStatus, cwd });
  } else if (outcome.kind === 'shell_ended') {
    execution.complete({
      reason: 'shell_ended',
      exitStatus: outcome.exitStatus,
      message: `the shell ended with this command (${outcome.end.message})`,
    });
  } else {
    execution.complete({
      reason: 'cancelled',
      exitStatus: outcome.exitStatus,
      message: outcome.message,
    });
  }
}
