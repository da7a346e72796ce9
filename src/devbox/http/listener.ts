import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { ErrorBody } from '../../api/error.ts';
import type { Refusal } from '../model/refusal.ts';
import { createApp } from './app.ts';
import type { Service } from './context.ts';
import type { Guard } from './guard.ts';
import { connectionHeaders } from './outgoing.ts';
import { SlowBodies } from './slow-bodies.ts';

export interface ListenerOptions {
  readonly service: Service;
  readonly guard: Guard;
  /** Called when a request came and when its answer has ended. */
  readonly onActivity: () => void;
}

/** The whole HTTP interface as a `node:http` request listener. */
export function createListener({ service, guard, onActivity }: ListenerOptions): RequestListener {
  const app = createApp(service);
  const slowBodies = new SlowBodies();
  const handle = getRequestListener(app.fetch, {
    // The process belongs to whoever embeds the devbox.
    overrideGlobalObjects: false,
    errorHandler: (error) => {
      const message = error instanceof Error ? error.message : String(error);
      return Response.json({ message, code: 'request_invalid' } satisfies ErrorBody, { status: 400 });
    },
  });
  return (request, response) => {
    onActivity();
    response.once('close', onActivity);
    slowBodies.watch(request, response);
    const refusal = guard(request);
    if (refusal === undefined) void handle(request, response);
    else refuse(request, response, refusal);
  };
}

function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const body = JSON.stringify({ message: refusal.message, code: refusal.code } satisfies ErrorBody);
  response.writeHead(refusal.status, {
    ...connectionHeaders(response, {
      ...refusal.headers,
      // Nothing that a refused client goes on sending is read.
      ...(request.complete ? {} : { connection: 'close' }),
    }),
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
