import type { ExecutionView } from '../api/execution.ts';
import { CANCEL_QUEUED_CAPABILITY } from '../api/extension/cancel-queued.ts';
import { killExecution, retrieveExecution } from './execution-requests.ts';
import { call } from './http/call.ts';
import type { Link } from './http/link.ts';
import type { RequestOptions } from './options.ts';

/**
 * Takes a command out of its queue when it has not begun: in one step where the server can (`cancel_queued`). Elsewhere it is
 * looked at first and killed when it waits, so one that begins in between is killed as it runs.
 *
 * @returns its view afterwards, and whether it never ran
 */
export async function cancelExecution(
  link: Link,
  devboxId: string,
  executionId: string,
  options: RequestOptions | undefined,
): Promise<{ readonly view: ExecutionView; readonly cancelled: boolean }> {
  const server = await link.engine.describe(link, options);
  if (server?.capabilities.includes(CANCEL_QUEUED_CAPABILITY)) {
    const view = await call(link, killExecution(devboxId, executionId, { only_queued: true }), options);
    return { view, cancelled: view.nsh?.end_reason === 'cancelled' };
  }
  const seen = await call(link, retrieveExecution(devboxId, executionId), options);
  if (seen.status !== 'queued') return { view: seen, cancelled: seen.nsh?.end_reason === 'cancelled' };
  const view = await call(link, killExecution(devboxId, executionId, {}), options);
  return { view, cancelled: true };
}
