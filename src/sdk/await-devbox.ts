import {
  type DevboxStatus,
  type DevboxView,
  devboxStatus,
  devboxView,
  type WaitForDevboxBody,
} from '../api/devbox.ts';
import { MAX_HOLD_SECONDS } from '../api/execution.ts';
import { routes } from '../api/routes.ts';
import { NamedShellError } from './errors.ts';
import type { ApiRequest } from './http/call.ts';
import type { Link } from './http/link.ts';
import { type LongPoll, longPoll } from './http/long-poll.ts';

/** States that a devbox does not leave. */
const FINAL: readonly DevboxStatus[] = ['failure', 'shutdown'];

export function retrieveDevbox(id: string, what = `Reading devbox ${id}`): ApiRequest<DevboxView> {
  return { what, method: 'GET', path: routes.devbox(id), schema: devboxView, repeat: 'always' };
}

/** A wait for one of the statuses. Source: `wait_for_status` of the official client and the OpenAPI description. */
export function devboxReaches(
  id: string,
  statuses: readonly DevboxStatus[],
  holdSeconds: number,
  isOver: (view: DevboxView) => boolean = ({ status }) => statuses.includes(status),
): LongPoll<DevboxView> {
  const what = `Waiting for devbox ${id}`;
  const body: WaitForDevboxBody = {
    statuses: [...statuses],
    ...(holdSeconds === MAX_HOLD_SECONDS ? {} : { timeout_seconds: holdSeconds }),
  };
  const holdMs = holdSeconds * 1000;
  const path = routes.waitForDevbox(id);
  return {
    hold: { what, method: 'POST', path, body, schema: devboxView, repeat: 'always', holdMs },
    probe: retrieveDevbox(id, what),
    isOver,
  };
}

/** Every status but one. */
export const otherThan = (status: DevboxStatus): DevboxStatus[] =>
  devboxStatus.options.filter((one) => one !== status);

/**
 * Waits until a devbox has reached a status.
 *
 * @throws NamedShellError of kind `server` when it failed or was shut down instead
 */
export async function awaitDevbox(
  link: Link,
  id: string,
  wanted: DevboxStatus,
  signal: AbortSignal,
): Promise<DevboxView> {
  const view = await longPoll(link, devboxReaches(id, [wanted, ...FINAL], link.holdSeconds), signal);
  if (view.status === wanted) return view;
  const why = view.failure_reason ?? view.shutdown_reason ?? 'the server gives no reason';
  throw new NamedShellError(
    'server',
    `Devbox ${id} is in state ${view.status}: ${why}. It will not be ${wanted}: create another, or ask the server's operator.`,
  );
}
