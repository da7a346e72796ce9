import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { ServerView } from '../../api/extension/server.ts';
import type { Devbox } from '../model/devbox/devbox.ts';
import type { DevboxHost } from '../model/devbox/devbox-host.ts';
import type { Execution } from '../model/execution/execution.ts';
import { Refusal } from '../model/refusal.ts';
import { isGone } from './outgoing.ts';

/** What the routes work on. */
export interface Service {
  readonly host: DevboxHost;
  readonly server: ServerView;
  /** Ends the server, after the answer to the request that asks for it. */
  readonly stop: () => void;
  /** The same, but leaves the shells, and what runs and waits in them, to the next server. Unset: they end with this one. */
  readonly leave?: () => void;
}

export type Call = Context<{ Bindings: HttpBindings }>;
export type Handler = (service: Service, call: Call) => Response | Promise<Response>;

/** @throws Refusal `devbox_not_found` */
export function devboxOf(service: Service, call: Call): Devbox {
  return service.host.get(parameter(call, 'id'));
}

/** @throws Refusal `devbox_not_found`, `execution_not_found` */
export function executionOf(service: Service, call: Call): Execution {
  return devboxOf(service, call).executions.get(parameter(call, 'execution'));
}

/** A part of the path, decoded: the route's pattern has it, so it is there. */
export function parameter(call: Call, name: string): string {
  const value = call.req.param(name);
  if (value === undefined) throw new Error(`The route ${call.req.path} has no parameter ${name}.`);
  return value;
}

/**
 * A whole number in the query.
 *
 * @throws Refusal `query_invalid`
 */
export function wholeNumber(call: Call, name: string, fallback: number, min = 0): number {
  const text = call.req.query(name);
  return text === undefined || text === '' ? fallback : wholeNumberOf(text, `${name} in the query`, min);
}

/**
 * @param where the text stands, for the error
 * @throws Refusal `query_invalid`
 */
export function wholeNumberOf(text: string, where: string, min = 0): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= min) return value;
  throw new Refusal(400, 'query_invalid', `${where} is ${text}, not a whole number of ${min} or more.`);
}

/** Aborts when the client goes away, so that a held request costs nothing any more. */
export function clientGone(call: Call): AbortSignal {
  const gone = new AbortController();
  const { outgoing } = call.env;
  if (isGone(outgoing)) gone.abort();
  else outgoing.once('close', () => gone.abort());
  return gone.signal;
}
