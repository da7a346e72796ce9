import {
  createDevboxBody,
  DEFAULT_LIST_LIMIT,
  MAX_LIST_LIMIT,
  waitForDevboxBody,
} from '../../../api/devbox.ts';
import { MAX_HOLD_SECONDS } from '../../../api/execution.ts';
import type { Devbox } from '../../model/devbox.ts';
import { listDevboxes } from '../../model/list-devboxes.ts';
import { newDevbox } from '../../model/new-devbox.ts';
import { Refusal } from '../../model/refusal.ts';
import { clientGone, devboxOf, type Handler, parameter, wholeNumber } from '../context.ts';
import { readBody } from '../read-body.ts';

/** Also `create_and_await_running`: a devbox runs as soon as it is made. */
export const createDevbox: Handler = async ({ host }, call) => {
  const body = await readBody(call, createDevboxBody);
  return call.json((await host.create(newDevbox(body))).view());
};

export const listAllDevboxes: Handler = ({ host }, call) => {
  const status = call.req.query('status');
  const startingAfter = call.req.query('starting_after');
  const limit = Math.min(wholeNumber(call, 'limit', DEFAULT_LIST_LIMIT, 1), MAX_LIST_LIMIT);
  return call.json(
    listDevboxes(host.all(), {
      limit,
      ...(status === undefined || status === '' ? {} : { status }),
      ...(startingAfter === undefined || startingAfter === '' ? {} : { startingAfter }),
    }),
  );
};

export const retrieveDevbox: Handler = (service, call) => call.json(devboxOf(service, call).view());

/** A devbox here is running or shut down and never on its way to another status: the one thing to hold for is its end. */
export const waitForDevbox: Handler = async (service, call) => {
  const devbox = devboxOf(service, call);
  const { statuses, timeout_seconds } = await readBody(call, waitForDevboxBody);
  const mayCome = statuses.includes('shutdown');
  if (mayCome && !statuses.includes(devbox.status)) {
    const hold = AbortSignal.timeout((timeout_seconds ?? MAX_HOLD_SECONDS) * 1000);
    await untilShutdown(devbox, AbortSignal.any([hold, clientGone(call)]));
  }
  // When the server ends, a created devbox only seems to be shut down: the next server has it.
  if (statuses.includes(devbox.status) && !service.host.isClosing) return call.json(devbox.view());
  throw new Refusal(
    408,
    'status_not_reached',
    mayCome
      ? `Devbox ${devbox.id} is ${devbox.status}, not yet ${statuses.join(' or ')}. Ask again to go on waiting.`
      : `Devbox ${devbox.id} is ${devbox.status}, and stays so: none of ${statuses.join(', ')}.`,
    { 'x-should-retry': String(mayCome) },
  );
};

/** What happens in its shells wakes it too; that is cheaper than to keep account of who waits. */
async function untilShutdown({ events }: Devbox, signal: AbortSignal): Promise<void> {
  while (!events.ended && !signal.aborted) await events.next(undefined, signal);
}

/** Devboxes here have no time to live, so there is nothing to prolong. */
export const keepAlive: Handler = (service, call) => {
  devboxOf(service, call);
  return call.json({});
};

export const shutdownDevbox: Handler = async ({ host }, call) =>
  call.json((await host.shutdown(parameter(call, 'id'))).view());
