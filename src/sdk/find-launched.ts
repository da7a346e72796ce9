import type { ExecutionView } from '../api/execution.ts';
import { REQUEST_ID_CAPABILITY } from '../api/extension/request-id.ts';
import { type LogEntry, logsView } from '../api/log.ts';
import { routes } from '../api/routes.ts';
import { NamedShellError } from './errors.ts';
import { retrieveExecution } from './execution-requests.ts';
import { call } from './http/call.ts';
import type { Link } from './http/link.ts';
import type { Launch } from './launch.ts';
import { mergedByBash } from './merge-stderr.ts';
import type { RequestOptions } from './options.ts';

/** How far the server's clock may be behind this machine's, ms. */
const CLOCK_SKEW_MS = 60_000;

/** `absent`: the server knows executions by such ids, and not this one. */
export type Found = ExecutionView | 'absent' | undefined;

/**
 * Looks once for a launch that got no answer: by the id it carried, and on a server that does not know executions by
 * such an id, by its text in the logs. Of several that may be it none is taken.
 *
 * @returns undefined when it was not found, which does not prove that it was not launched: logs lag behind
 * @throws NamedShellError when the signal fires
 */
export async function findLaunched(
  link: Link,
  launch: Launch,
  options: RequestOptions | undefined,
): Promise<Found> {
  const once = { ...options, maxRetries: 0 };
  const { devboxId, commandId, lastN } = launch;
  return await unlessFailed(link, options, async () => {
    const server = await link.engine.describe(link, once);
    const byId = await orNotFound(call(link, retrieveExecution(devboxId, commandId, lastN), once));
    if (byId) return byId;
    if (server?.capabilities.includes(REQUEST_ID_CAPABILITY)) return 'absent';
    const { logs } = await call(
      link,
      {
        what: `Reading the logs of devbox ${devboxId}`,
        method: 'GET',
        path: routes.logs(devboxId),
        query: { shell_name: launch.shellName },
        schema: logsView,
        repeat: 'always',
      },
      once,
    );
    const [id, ...others] = candidates(logs, launch, (known) => link.launched.has(known));
    if (id === undefined || others.length > 0) return undefined;
    return await call(link, retrieveExecution(devboxId, id, lastN), once);
  });
}

/**
 * Executions in the logs that may be this launch: of its text and its shell, not one of the client's own, and not
 * older than the newest of those there or than the launch.
 */
export function candidates(
  logs: readonly LogEntry[],
  launch: Pick<Launch, 'command' | 'mergeStderr' | 'shellName' | 'sentAt'>,
  isKnown: (executionId: string) => boolean,
): string[] {
  const ofShell = logs.filter((entry) => (entry.shell_name ?? undefined) === launch.shellName);
  const own = ofShell.filter(({ cmd, cmd_id }) => cmd != null && cmd_id != null && isKnown(cmd_id));
  const since = Math.max(launch.sentAt - CLOCK_SKEW_MS, ...own.map(({ timestamp_ms }) => timestamp_ms));
  const text = launch.mergeStderr ? mergedByBash(launch.command) : launch.command;
  const ids = ofShell
    .filter(({ cmd, timestamp_ms }) => cmd === text && timestamp_ms >= since)
    .map(({ cmd_id }) => cmd_id)
    .filter((id) => id != null)
    .filter((id) => !isKnown(id));
  return [...new Set(ids)];
}

/** The service may take an id of ours for a malformed one. */
async function orNotFound<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof NamedShellError && (error.status === 404 || error.status === 400)) return undefined;
    throw error;
  }
}

/** What could not be asked is not known: the launch's own error says why, this one goes to the log. */
async function unlessFailed<T>(
  link: Link,
  options: RequestOptions | undefined,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (options?.signal?.aborted || link.transport.closed.aborted) throw error;
    if (!(error instanceof NamedShellError)) throw error;
    link.logger?.debug(`looking for a launch: ${error.message}`);
    return undefined;
  }
}
