import type { z } from 'zod';
import {
  DEFAULT_LAST_N,
  type ExecutionDetailView,
  executeAsyncBody,
  executeBody,
  executeSyncBody,
  MAX_HOLD_SECONDS,
} from '../../../api/execution.ts';
import { mergeStderrField } from '../../../api/extension/merge-stderr.ts';
import { REQUEST_ID_HEADER } from '../../../api/extension/request-id.ts';
import type { ExecutionRequest } from '../../model/execution/execution-request.ts';
import { executionView } from '../../model/execution/execution-view.ts';
import { Refusal } from '../../model/refusal.ts';
import { clientGone, devboxOf, type Handler, wholeNumber } from '../context.ts';
import { readBody } from '../read-body.ts';

/** Longest command id, characters. A UUID has 36. */
const MAX_COMMAND_ID = 255;

const asyncBody = executeAsyncBody.extend(mergeStderrField);
const idempotentBody = executeBody.extend(mergeStderrField);
const syncBody = executeSyncBody.extend(mergeStderrField);

export const executeAsync: Handler = async (service, call) => {
  const body = await readBody(call, asyncBody);
  const requestId = call.req.header(REQUEST_ID_HEADER);
  if (requestId !== undefined) checkId(requestId, `The header ${REQUEST_ID_HEADER}`);
  const execution = devboxOf(service, call).execute(request(body, requestId));
  return call.json(await executionView(execution, DEFAULT_LAST_N));
};

/**
 * Holds until the command has completed. When the hold is over it answers with the execution as it is then, not with
 * 408: a client that gets 408 would not learn the id.
 */
export const execute: Handler = async (service, call) => {
  const lastN = wholeNumber(call, 'last_n', DEFAULT_LAST_N);
  const body = await readBody(call, idempotentBody);
  checkId(body.command_id, 'command_id');
  const execution = devboxOf(service, call).execute(request(body, body.command_id));
  const holdMs = (body.optimistic_timeout ?? MAX_HOLD_SECONDS) * 1000;
  await execution.whenStatus(['completed'], holdMs, clientGone(call));
  return call.json(await executionView(execution, lastN));
};

/** Holds for as long as the command runs. */
export const executeSync: Handler = async (service, call) => {
  const body = await readBody(call, syncBody);
  const execution = devboxOf(service, call).execute(request(body));
  const view = (await execution.whenStatus(['completed'], Number.POSITIVE_INFINITY, clientGone(call)))
    ? await executionView(execution, DEFAULT_LAST_N)
    : undefined;
  if (typeof view?.exit_status !== 'number') {
    throw new Refusal(408, 'status_not_reached', `Execution ${execution.id} goes on. Follow it by its id.`);
  }
  return call.json({
    devbox_id: view.devbox_id,
    exit_status: view.exit_status,
    stdout: view.stdout ?? '',
    stderr: view.stderr ?? '',
    ...(view.shell_name === undefined ? {} : { shell_name: view.shell_name }),
  } satisfies ExecutionDetailView);
};

function checkId(id: string, what: string): void {
  if (id !== '' && id.length <= MAX_COMMAND_ID) return;
  const message = `${what} is empty or longer than ${MAX_COMMAND_ID} characters. Send a new UUIDv7 for each command.`;
  throw new Refusal(400, 'command_id_invalid', message);
}

function request(
  body: Pick<z.output<typeof syncBody>, 'command' | 'shell_name' | 'merge_stderr'> & {
    attach_stdin?: boolean | null | undefined;
  },
  commandId?: string,
): ExecutionRequest {
  return {
    command: body.command,
    attachStdin: body.attach_stdin ?? false,
    ...(body.merge_stderr === true ? { mergeStderr: true } : {}),
    ...(body.shell_name === null || body.shell_name === undefined ? {} : { shellName: body.shell_name }),
    ...(commandId === undefined ? {} : { commandId }),
  };
}
