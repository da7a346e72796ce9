import { Refusal } from '../refusal.ts';
import type { Execution } from './execution.ts';
import type { StdinQueue } from './stdin-queue.ts';

/**
 * The stdin of an execution that can be given input.
 *
 * @param stdin undefined: it was started without
 * @throws Refusal `execution_completed`, `stdin_not_attached`
 */
export function openStdin(
  { id, status }: Pick<Execution, 'id' | 'status'>,
  stdin: StdinQueue | undefined,
): StdinQueue {
  if (status === 'completed') {
    throw new Refusal(
      409,
      'execution_completed',
      `Execution ${id} has completed, so it reads no more input.`,
    );
  }
  if (stdin === undefined) {
    throw new Refusal(
      400,
      'stdin_not_attached',
      `Execution ${id} was started without stdin. Start it with "attach_stdin": true (execute_async) to send it input.`,
    );
  }
  return stdin;
}
