import { NamedShellError } from '../../sdk/errors.ts';
import type { Execution } from '../../sdk/execution.ts';

/** What Ctrl-C means to a command: an interrupt when it runs, out of the queue when it waits, nothing when it is over. */
export async function interruptOrCancel(execution: Execution): Promise<void> {
  try {
    await execution.interrupt();
  } catch (error) {
    // Refused, because it does not run.
    if (!(error instanceof NamedShellError && error.kind === 'conflict')) throw error;
    if (await execution.cancel()) return;
    // It began between the two requests.
    const { status } = await execution.getState();
    if (status === 'running') await execution.interrupt();
  }
}
