import { v7 as uuidv7 } from 'uuid';
import {
  type ExecuteAsyncBody,
  type ExecuteBody,
  type ExecutionView,
  executionView,
  MAX_HOLD_SECONDS,
} from '../api/execution.ts';
import { REQUEST_ID_CAPABILITY, REQUEST_ID_HEADER } from '../api/extension/request-id.ts';
import { routes } from '../api/routes.ts';
import { pause } from './abort.ts';
import { NamedShellError } from './errors.ts';
import { findLaunched } from './find-launched.ts';
import { type ApiRequest, call } from './http/call.ts';
import type { Link } from './http/link.ts';
import { backOff } from './http/retry-policy.ts';
import { mergedStderr } from './merge-stderr.ts';
import type { RequestOptions } from './options.ts';

/** One command on its way. */
export interface Launch {
  readonly devboxId: string;
  readonly command: string;
  readonly shellName: string | undefined;
  readonly attachStdin: boolean;
  readonly mergeStderr: boolean;
  readonly lastN: string | undefined;
  /** Seconds the launch may wait for the command's end. Without effect with stdin. */
  readonly holdSeconds: number;
  /** A UUIDv7, the same however often the launch is sent. */
  readonly commandId: string;
  /** Unix time, ms, by this machine's clock. */
  readonly sentAt: number;
}

export function newLaunch({
  commandId = uuidv7(),
  ...what
}: Omit<Launch, 'commandId' | 'sentAt'> & { readonly commandId?: string | undefined }): Launch {
  return { ...what, commandId, sentAt: Date.now() };
}

/**
 * Launches a command once, whatever the network does. Without stdin it goes through `/execute` under an id of our own
 * and is sent again under the same id. With stdin it has to be `/execute_async`, which is sent again only where the
 * server takes `x-request-id` for such an id, or when provably nothing was sent.
 *
 * @returns the execution: queued, running or completed
 * @throws NamedShellError of kind `unknown_outcome` when it may or may not have been launched, and could not be found
 */
export async function launchCommand(
  link: Link,
  launch: Launch,
  options: RequestOptions | undefined,
): Promise<ExecutionView> {
  const view = await send(link, launch, options).catch(async (error: unknown) => {
    if (!isUnknownOutcome(error)) throw error;
    const found = await search(link, launch, options);
    if (found === undefined) throw error;
    return found;
  });
  link.launched.add(view.execution_id);
  return view;
}

export function isUnknownOutcome(error: unknown): error is NamedShellError {
  return error instanceof NamedShellError && error.kind === 'unknown_outcome';
}

async function send(link: Link, launch: Launch, options: RequestOptions | undefined): Promise<ExecutionView> {
  if (!launch.attachStdin) return await sendWithId(link, launch, options);
  const server = await link.engine.describe(link, options);
  const takesId = server?.capabilities.includes(REQUEST_ID_CAPABILITY) ?? false;
  return await call(link, executeAsync(launch, await sentCommand(link, launch, options), takesId), options);
}

/** Its text as it goes out, with the extension that it needs. */
async function sentCommand(link: Link, launch: Launch, options: RequestOptions | undefined) {
  const { command, mergeStderr } = launch;
  return mergeStderr ? await mergedStderr(link, command, options) : { command };
}

type SentCommand = Awaited<ReturnType<typeof sentCommand>>;

function executeAsync(launch: Launch, command: SentCommand, takesId: boolean): ApiRequest<ExecutionView> {
  const body: ExecuteAsyncBody = {
    ...command,
    ...(launch.shellName === undefined ? {} : { shell_name: launch.shellName }),
    attach_stdin: true,
  };
  return {
    ...LAUNCH,
    path: routes.executeAsync(launch.devboxId),
    headers: { [REQUEST_ID_HEADER]: launch.commandId },
    body,
    repeat: takesId ? 'always' : 'unsent',
  };
}

/**
 * Source of the 408: the official client's types; whether the service then knows the execution by our id is
 * unproven, so that is asked, and otherwise the same launch is sent again, which must be harmless.
 */
async function sendWithId(
  link: Link,
  launch: Launch,
  options: RequestOptions | undefined,
): Promise<ExecutionView> {
  const body: ExecuteBody = {
    ...(await sentCommand(link, launch, options)),
    command_id: launch.commandId,
    ...(launch.shellName === undefined ? {} : { shell_name: launch.shellName }),
    // The server's default is the longest hold: unset keeps the ordinary request small.
    ...(launch.holdSeconds === MAX_HOLD_SECONDS ? {} : { optimistic_timeout: launch.holdSeconds }),
  };
  for (let round = 1; ; round++) {
    try {
      const request: ApiRequest<ExecutionView> = {
        ...LAUNCH,
        path: routes.execute(launch.devboxId),
        query: { last_n: launch.lastN },
        body,
        repeat: 'always',
        holdMs: launch.holdSeconds * 1000,
        mayHaveBeenDone: round > 1,
      };
      return await call(link, request, options);
    } catch (error) {
      if (!(error instanceof NamedShellError && error.status === 408)) throw error;
    }
    const known = await findLaunched(link, launch, options);
    if (known !== undefined && known !== 'absent') return known;
    await pause(backOff(round), options?.signal ?? undefined, link.transport.closed);
  }
}

/** Logs may lag behind: they are looked at as often as a request would be repeated, where it is not. */
async function search(
  link: Link,
  launch: Launch,
  options: RequestOptions | undefined,
): Promise<ExecutionView | undefined> {
  const rounds = launch.attachStdin ? 1 + (options?.maxRetries ?? link.maxRetries) : 1;
  for (let round = 1; ; round++) {
    const found = await findLaunched(link, launch, options);
    if (found !== undefined && found !== 'absent') return found;
    if (round >= rounds) return undefined;
    await pause(backOff(round), options?.signal ?? undefined, link.transport.closed);
  }
}

const LAUNCH = {
  what: 'Launching the command',
  method: 'POST',
  schema: executionView,
  reconcile:
    "The command may be running: look at the shell's queue or the devbox's logs before sending it again.",
} as const;
