import {
  createDevboxBody,
  DEFAULT_LIST_LIMIT,
  MAX_DEVBOX_HOLD_SECONDS,
  MAX_LIST_LIMIT,
  updateDevboxBody,
  waitForDevboxBody,
} from '../../../api/devbox.ts';
import { MAX_HOLD_SECONDS } from '../../../api/execution.ts';
import { listDevboxes } from '../../model/devbox/list-devboxes.ts';
import { newDevbox } from '../../model/devbox/new-devbox.ts';
import { Refusal } from '../../model/refusal.ts';
import { clientGone, devboxOf, type Handler, parameter, wholeNumber } from '../context.ts';
import { eventBody } from '../event-body.ts';
import { live } from '../live.ts';
import { readBody } from '../read-body.ts';

/** Also `create_and_await_running`: a devbox runs as soon as it is made. */
export const createDevbox: Handler = async ({ host }, call) => {
  const body = await readBody(call, createDevboxBody);
  return call.json(host.create(newDevbox(body)).life.view());
};

export const listAllDevboxes: Handler = ({ host }, call) => {
  const status = call.req.query('status');
  const startingAfter = call.req.query('starting_after');
  const limit = Math.min(wholeNumber(call, 'limit', DEFAULT_LIST_LIMIT, 1), MAX_LIST_LIMIT);
  return call.json(
    listDevboxes(host.all(), {
      limit,
      isCounted: call.req.query('include_total_count') !== 'false',
      ...(status === undefined || status === '' ? {} : { status }),
      ...(startingAfter === undefined || startingAfter === '' ? {} : { startingAfter }),
    }),
  );
};

export const retrieveDevbox: Handler = (service, call) => call.json(devboxOf(service, call).life.view());

export const updateDevbox: Handler = async ({ host }, call) => {
  const { name, metadata } = await readBody(call, updateDevboxBody);
  const update = {
    ...(name === undefined || name === null ? {} : { name }),
    ...(metadata === undefined || metadata === null ? {} : { metadata }),
  };
  return call.json(host.update(parameter(call, 'id'), update).life.view());
};

export const waitForDevbox: Handler = async (service, call) => {
  const { id, life } = devboxOf(service, call);
  const { statuses, timeout_seconds } = await readBody(call, waitForDevboxBody);
  const holdMs = Math.min(timeout_seconds ?? MAX_HOLD_SECONDS, MAX_DEVBOX_HOLD_SECONDS) * 1000;
  if (await life.whenStatus(statuses, holdMs, clientGone(call))) return call.json(life.view());
  throw new Refusal(
    408,
    'status_not_reached',
    `Devbox ${id} is ${life.status}, not yet ${statuses.join(' or ')}. Ask again to go on waiting.`,
    { 'x-should-retry': 'true' },
  );
};

export const keepAlive: Handler = (service, call) => {
  const { life } = devboxOf(service, call);
  life.refuseUnlessRunning();
  life.used();
  return call.json({});
};

export const suspendDevbox: Handler = async ({ host }, call) =>
  call.json((await host.suspend(parameter(call, 'id'))).life.view());

export const resumeDevbox: Handler = async ({ host }, call) =>
  call.json((await host.resume(parameter(call, 'id'))).life.view());

/** `force` is about snapshots, of which there are none. */
export const shutdownDevbox: Handler = async ({ host }, call) =>
  call.json((await host.shutdown(parameter(call, 'id'))).life.view());

/** Nobody evicts a devbox here: a stream that says nothing, for as long as the server lives. */
export const watchEvictions: Handler = ({ host }, call) => {
  const body = eventBody(call.env.outgoing);
  return live(call, body, async () => {
    const over = AbortSignal.any([body.gone, host.closing]);
    if (!over.aborted)
      await new Promise((resolve) => over.addEventListener('abort', resolve, { once: true }));
    body.end();
  });
};
