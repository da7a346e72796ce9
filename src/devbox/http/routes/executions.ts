import {
  DEFAULT_LAST_N,
  killBody,
  MAX_HOLD_SECONDS,
  type SendStdInResult,
  sendStdInBody,
  waitForExecutionBody,
} from '../../../api/execution.ts';
import type { Execution } from '../../model/execution/execution.ts';
import { executionView } from '../../model/execution/execution-view.ts';
import { Refusal } from '../../model/refusal.ts';
import { clientGone, executionOf, type Handler, wholeNumber } from '../context.ts';
import { readBody } from '../read-body.ts';

export const retrieveExecution: Handler = async (service, call) => {
  const lastN = wholeNumber(call, 'last_n', DEFAULT_LAST_N);
  return call.json(await executionView(executionOf(service, call), lastN));
};

export const waitForExecution: Handler = async (service, call) => {
  const lastN = wholeNumber(call, 'last_n', DEFAULT_LAST_N);
  const execution = executionOf(service, call);
  const { statuses, timeout_seconds } = await readBody(call, waitForExecutionBody);
  const holdMs = (timeout_seconds ?? MAX_HOLD_SECONDS) * 1000;
  if (await execution.whenStatus(statuses, holdMs, clientGone(call))) {
    return call.json(await executionView(execution, lastN));
  }
  throw new Refusal(
    408,
    'status_not_reached',
    `Execution ${execution.id} is ${execution.status}, not yet ${statuses.join(' or ')}. Ask again to go on waiting.`,
    { 'x-should-retry': 'true' },
  );
};

/**
 * Always takes the running command's whole process group, whatever `kill_process_group` says: in a shell with job
 * control a command is a group, and half a pipeline would hang.
 */
export const killExecution: Handler = async (service, call) => {
  const execution = executionOf(service, call);
  const { only_queued } = await readBody(call, killBody);
  if (only_queued) execution.cancel();
  else execution.kill();
  return call.json(await executionView(execution, DEFAULT_LAST_N));
};

export const sendStdIn: Handler = async (service, call) => {
  const execution = executionOf(service, call);
  const body = await readBody(call, sendStdInBody);
  const success = await send(execution, body);
  return call.json({
    devbox_id: execution.devboxId,
    execution_id: execution.id,
    success,
  } satisfies SendStdInResult);
};

async function send(
  execution: Execution,
  { text, signal }: { text?: string | null | undefined; signal?: 'EOF' | 'INTERRUPT' | null | undefined },
): Promise<boolean> {
  const hasText = text !== null && text !== undefined;
  if (hasText && signal) {
    throw new Refusal(400, 'body_invalid', 'text and signal cannot be sent together. Send the text first.');
  }
  if (hasText) {
    await execution.writeStdin(text);
    return true;
  }
  if (signal === 'INTERRUPT') return execution.interrupt();
  if (signal === 'EOF') {
    execution.closeStdin();
    return true;
  }
  throw new Refusal(400, 'body_invalid', 'There is nothing to send: give text, or signal EOF or INTERRUPT.');
}
