import {
  createDevboxBody,
  DEFAULT_LIST_LIMIT,
  MAX_LIST_LIMIT,
  waitForDevboxBody,
} from '../../../api/devbox.ts';
import { listDevboxes } from '../../model/list-devboxes.ts';
import { newDevbox } from '../../model/new-devbox.ts';
import { Refusal } from '../../model/refusal.ts';
import { devboxOf, type Handler, parameter, wholeNumber } from '../context.ts';
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

/** A devbox here is running or shut down and never on its way to another status, so there is nothing to hold for. */
export const waitForDevbox: Handler = async (service, call) => {
  const devbox = devboxOf(service, call);
  const { statuses } = await readBody(call, waitForDevboxBody);
  if (statuses.includes(devbox.status)) return call.json(devbox.view());
  throw new Refusal(
    408,
    'status_not_reached',
    `Devbox ${devbox.id} is ${devbox.status}, and stays so: none of ${statuses.join(', ')}.`,
    { 'x-should-retry': 'false' },
  );
};

/** Devboxes here have no time to live, so there is nothing to prolong. */
export const keepAlive: Handler = (service, call) => {
  devboxOf(service, call);
  return call.json({});
};

export const shutdownDevbox: Handler = async ({ host }, call) =>
  call.json((await host.shutdown(parameter(call, 'id'))).view());
