import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { ErrorBody } from '../../api/error.ts';
import { Refusal } from '../model/refusal.ts';
import type { Call, Handler, Service } from './context.ts';
import { refuseNotOffered } from './not-offered.ts';
import { connectionHeaders } from './outgoing.ts';
import {
  createDevbox,
  keepAlive,
  listAllDevboxes,
  resumeDevbox,
  retrieveDevbox,
  shutdownDevbox,
  suspendDevbox,
  updateDevbox,
  waitForDevbox,
  watchEvictions,
} from './routes/devboxes.ts';
import { devboxEvents, shellEvents } from './routes/events.ts';
import { execute, executeAsync, executeSync } from './routes/execute.ts';
import { killExecution, retrieveExecution, sendStdIn, waitForExecution } from './routes/executions.ts';
import { downloadFile, readFileContents, uploadFile, writeFileContents } from './routes/files.ts';
import { listExecutions } from './routes/list-executions.ts';
import { listLogs, tailLogs } from './routes/logs.ts';
import { orderedOutput } from './routes/ordered-output.ts';
import { retrieveServer, stopServer } from './routes/server.ts';
import { closeShell, listShells, openShell, restoreShell, retrieveShell } from './routes/shells.ts';
import { lateOutput, rawOutput, streamUpdates } from './routes/streams.ts';

const DEVBOX = '/v1/devboxes/:id';
const EXECUTION = `${DEVBOX}/executions/:execution`;
const EXTENSION = '/nsh/v1/devboxes/:id';
const OWN_EXECUTION = `${EXTENSION}/executions/:execution`;
const SHELL = `${EXTENSION}/shells/:name`;

/** Every route. Of two patterns that fit a path, the first one wins. */
export const ROUTES: readonly (readonly ['GET' | 'POST' | 'PUT', string, Handler])[] = [
  ['POST', '/v1/devboxes', createDevbox],
  ['GET', '/v1/devboxes', listAllDevboxes],
  ['POST', '/v1/devboxes/create_and_await_running', createDevbox],
  ['GET', '/v1/devboxes/evictions/watch', watchEvictions],
  ['GET', DEVBOX, retrieveDevbox],
  ['POST', DEVBOX, updateDevbox],
  ['POST', `${DEVBOX}/wait_for_status`, waitForDevbox],
  ['POST', `${DEVBOX}/keep_alive`, keepAlive],
  ['POST', `${DEVBOX}/suspend`, suspendDevbox],
  ['POST', `${DEVBOX}/resume`, resumeDevbox],
  ['POST', `${DEVBOX}/shutdown`, shutdownDevbox],
  ['POST', `${DEVBOX}/execute`, execute],
  ['POST', `${DEVBOX}/execute_async`, executeAsync],
  ['POST', `${DEVBOX}/execute_sync`, executeSync],
  ['GET', EXECUTION, retrieveExecution],
  ['POST', `${EXECUTION}/wait_for_status`, waitForExecution],
  ['POST', `${EXECUTION}/kill`, killExecution],
  ['POST', `${EXECUTION}/send_std_in`, sendStdIn],
  ['GET', `${EXECUTION}/stream_stdout_updates`, streamUpdates('stdout')],
  ['GET', `${EXECUTION}/stream_stderr_updates`, streamUpdates('stderr')],
  ['GET', `${DEVBOX}/logs`, listLogs],
  ['GET', `${DEVBOX}/logs/tail`, tailLogs],
  ['POST', `${DEVBOX}/read_file_contents`, readFileContents],
  ['POST', `${DEVBOX}/write_file_contents`, writeFileContents],
  ['POST', `${DEVBOX}/upload_file`, uploadFile],
  ['POST', `${DEVBOX}/download_file`, downloadFile],
  ['GET', '/nsh/v1/server', retrieveServer],
  ['POST', '/nsh/v1/server/stop', stopServer],
  ['GET', `${EXTENSION}/shells`, listShells],
  ['GET', SHELL, retrieveShell],
  ['PUT', SHELL, openShell],
  ['POST', `${SHELL}/close`, closeShell],
  ['POST', `${SHELL}/restore`, restoreShell],
  ['GET', `${SHELL}/events`, shellEvents],
  ['GET', `${EXTENSION}/events`, devboxEvents],
  ['GET', `${EXTENSION}/executions`, listExecutions],
  ['GET', `${OWN_EXECUTION}/output`, orderedOutput],
  ['GET', `${OWN_EXECUTION}/output/:stream`, rawOutput],
  ['GET', `${OWN_EXECUTION}/late/:stream`, lateOutput],
];

/** The HTTP interface as a fetch handler for `@hono/node-server`. */
export function createApp(service: Service): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  refuseNotOffered((path, refuse) => app.all(path, refuse));
  for (const [method, pattern, handler] of ROUTES) {
    app.on(method, pattern, (call) => handler(service, call));
  }
  app.notFound((call) => answerError(call, noSuchRoute(call)));
  app.onError((error, call) => answerError(call, error));
  return app;
}

function answerError(call: Call, error: unknown): Response {
  const refusal = error instanceof Refusal ? error : unexpected(error);
  const body: ErrorBody = { message: refusal.message, code: refusal.code };
  const headers = { ...retryAdvice(refusal.status), ...refusal.headers };
  return call.json(body, refusal.status, connectionHeaders(call.env.outgoing, headers));
}

/** The official clients repeat what was answered with these, for minutes; here the answer would be the same again. */
function retryAdvice(status: number): Record<string, string> {
  return [408, 409, 500, 501].includes(status) ? { 'x-should-retry': 'false' } : {};
}

function unexpected(error: unknown): Refusal {
  const why = error instanceof Error ? error.message : String(error);
  return new Refusal(500, 'internal', `The embedded devbox failed: ${why}`);
}

function noSuchRoute(call: Call): Refusal {
  const { method, path } = call.req;
  const allowed = ROUTES.filter(([, pattern]) => fits(pattern, path)).map(([name]) => name);
  if (allowed.length > 0) {
    const list = [...new Set(allowed)].join(', ');
    return new Refusal(405, 'method_not_allowed', `${path} does not take ${method}, but ${list}.`, {
      allow: list,
    });
  }
  const offered = ROUTES.map(([name, pattern]) => `${name} ${pattern}`);
  return new Refusal(
    404,
    'route_not_found',
    `The embedded devbox has no ${method} ${path}. It has: ${offered.join(', ')}.`,
  );
}

function fits(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return false;
  return wanted.every(
    (part, index) => part === given[index] || (part.startsWith(':') && given[index] !== ''),
  );
}
