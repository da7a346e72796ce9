import {
  type ExecutionView,
  executionView,
  type KillBody,
  MAX_HOLD_SECONDS,
  type SendStdInBody,
  type SendStdInResult,
  sendStdInResult,
  type WaitForExecutionBody,
} from '../api/execution.ts';
import { routes } from '../api/routes.ts';
import type { ApiRequest } from './http/call.ts';
import type { LongPoll } from './http/long-poll.ts';

/** The requests about one execution, as values. */
export function retrieveExecution(
  devboxId: string,
  executionId: string,
  lastN?: string | undefined,
): ApiRequest<ExecutionView> {
  return {
    what: `Reading the state of execution ${executionId}`,
    method: 'GET',
    path: routes.execution(devboxId, executionId),
    query: { last_n: lastN },
    schema: executionView,
    repeat: 'always',
  };
}

export function awaitExecution(
  devboxId: string,
  executionId: string,
  lastN: string | undefined,
  holdSeconds: number,
): LongPoll<ExecutionView> {
  const body: WaitForExecutionBody = {
    statuses: ['completed'],
    ...(holdSeconds === MAX_HOLD_SECONDS ? {} : { timeout_seconds: holdSeconds }),
  };
  return {
    hold: {
      what: `Waiting for execution ${executionId}`,
      method: 'POST',
      path: routes.waitForExecution(devboxId, executionId),
      query: { last_n: lastN },
      body,
      schema: executionView,
      repeat: 'always',
      holdMs: holdSeconds * 1000,
    },
    probe: retrieveExecution(devboxId, executionId, lastN),
    isOver: (view) => view.status === 'completed',
  };
}

/** Killing what is dead changes nothing, so a retry is harmless. */
export function killExecution(
  devboxId: string,
  executionId: string,
  body: KillBody,
): ApiRequest<ExecutionView> {
  return {
    what: `Killing execution ${executionId}`,
    method: 'POST',
    path: routes.kill(devboxId, executionId),
    body,
    schema: executionView,
    repeat: 'always',
  };
}

/** Never sent twice: text would arrive twice, and a second interrupt means more than one to many programs. */
export function sendStdIn(
  devboxId: string,
  executionId: string,
  body: SendStdInBody,
): ApiRequest<SendStdInResult> {
  const what =
    body.signal === 'INTERRUPT' ? 'Interrupting' : body.signal ? 'Closing stdin of' : 'Sending stdin to';
  return {
    what: `${what} execution ${executionId}`,
    method: 'POST',
    path: routes.sendStdIn(devboxId, executionId),
    body,
    schema: sendStdInResult,
    repeat: 'unsent',
    reconcile: 'It may have arrived: look at what the command does before sending it again.',
  };
}
