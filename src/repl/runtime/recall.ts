import type { ReplEvent } from '../state/event.ts';
import type { Diagnose, ShellPort } from './shell-port.ts';

/** The prompt does not wait longer than this for what ran before, ms. */
const PATIENCE_MS = 3_000;

/** What was in a shell before the REPL came, as an event; or that it could not be learned in time. */
export async function recallInTime(shell: ShellPort, diagnose: Diagnose): Promise<ReplEvent> {
  const tooLate = AbortSignal.timeout(PATIENCE_MS);
  try {
    return { type: 'recalled', recall: await shell.recall(tooLate), now: Date.now() };
  } catch (error) {
    const message = tooLate.aborted
      ? `the devbox took longer than ${PATIENCE_MS / 1000} s. :history lists what ran.`
      : diagnose(error).message;
    return { type: 'failed', what: 'Reading what ran here before', message };
  }
}
