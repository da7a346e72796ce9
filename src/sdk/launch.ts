import { v7 as uuidv7 } from 'uuid';
import {
  type ExecuteAsyncBody,
  type ExecuteBody,
  type ExecutionView,
  executionView,
  MAX_HOLD_SECONDS,
} from '../api/execution.ts';
import { routes } from '../api/routes.ts';
import { pause } from './abort.ts';
import { NamedShellError } from './errors.ts';
import { retrieveExecution } from './execution-requests.ts';
import { call } from './http/call.ts';
import type { Link } from './http/link.ts';
import { backOff } from './http/retry-policy.ts';
import type { RequestOptions } from './options.ts';

const WHAT = 'Launching the command';

export interface IdempotentLaunch {
  readonly command: string;
  readonly shellName: string | undefined;
  readonly lastN: string | undefined;
  /** Seconds the launch may wait for the command's end. */
  readonly holdSeconds: number;
}

/**
 * Launches through `/execute` with an id of our own, the same on every retry: the command runs once however often
 * the connection breaks. The answer may be of a command that is queued, running or completed.
 *
 * Source of the 408: the official client's types; whether the service then knows the execution by our id is
 * unproven, so that is asked, and otherwise the same launch is sent again, which must be harmless.
 */
export async function launchIdempotent(
  link: Link,
  devboxId: string,
  launch: IdempotentLaunch,
  options: RequestOptions | undefined,
): Promise<ExecutionView> {
  const body: ExecuteBody = {
    command: launch.command,
    command_id: uuidv7(),
    ...(launch.shellName === undefined ? {} : { shell_name: launch.shellName }),
    // The server's default is the longest hold: unset keeps the ordinary request small.
    ...(launch.holdSeconds === MAX_HOLD_SECONDS ? {} : { optimistic_timeout: launch.holdSeconds }),
  };
  for (let round = 1; ; round++) {
    try {
      return await call(
        link,
        {
          what: WHAT,
          method: 'POST',
          path: routes.execute(devboxId),
          query: { last_n: launch.lastN },
          body,
          schema: executionView,
          repeat: 'always',
          holdMs: launch.holdSeconds * 1000,
        },
        options,
      );
    } catch (error) {
      if (!isStatus(error, 408)) throw error;
    }
    const known = await findLaunched(link, devboxId, body.command_id, launch.lastN, options);
    if (known) return known;
    await pause(backOff(round), options?.signal ?? undefined, link.transport.closed);
  }
}

/**
 * Launches through `/execute_async`, which has no id: sent again only when provably nothing was sent.
 *
 * @throws NamedShellError of kind `unknown_outcome` when the command may or may not have been started
 */
export async function launchOnce(
  link: Link,
  devboxId: string,
  launch: ExecuteAsyncBody,
  options: RequestOptions | undefined,
): Promise<ExecutionView> {
  return await call(
    link,
    {
      what: WHAT,
      method: 'POST',
      path: routes.executeAsync(devboxId),
      body: launch,
      schema: executionView,
      repeat: 'unsent',
      reconcile:
        "The command may be running: look at the shell's queue or the devbox's logs before sending it again.",
    },
    options,
  );
}

async function findLaunched(
  link: Link,
  devboxId: string,
  commandId: string,
  lastN: string | undefined,
  options: RequestOptions | undefined,
): Promise<ExecutionView | undefined> {
  try {
    return await call(link, retrieveExecution(devboxId, commandId, lastN), options);
  } catch (error) {
    if (isStatus(error, 404) || isStatus(error, 400)) return undefined;
    throw error;
  }
}

function isStatus(error: unknown, status: number): boolean {
  return error instanceof NamedShellError && error.status === status;
}
