import type { ExecutionDetail, ExecutionStatus, ExecutionView } from '../api/execution.ts';
import { EXECUTIONS_CAPABILITY, executionListView } from '../api/extension/execution-list.ts';
import { logsView } from '../api/log.ts';
import { routes } from '../api/routes.ts';
import { NamedShellError } from './errors.ts';
import { retrieveExecution } from './execution-requests.ts';
import { call } from './http/call.ts';
import type { Link } from './http/link.ts';
import { type LoggedCommand, loggedCommands } from './logged-commands.ts';
import type { RequestOptions } from './options.ts';
import type { OwnLaunches } from './own-launches.ts';

/** A command of a shell: one that waits, runs or has ended. */
export interface ShellCommand {
  /**
   * Its place among the commands of the shell, from 1: it stays, and is the same for every client. On the service it is the
   * place in the devbox's log, as far as that goes back. Undefined for what the log does not hold yet.
   */
  readonly number: number | undefined;
  /** Its text, as it was sent. */
  readonly command: string;
  /** The id that its client launched it under; undefined where it gave none, and on the service. */
  readonly commandId: string | undefined;
  /** For `shell.execution(id)`; undefined when the service's log does not tell it. */
  readonly executionId: string | undefined;
  /** `unknown`: the log does not hold its end, and the server does not know it any more. */
  readonly status: ExecutionStatus | 'unknown';
  /** Whether it was launched through this NamedShell object. */
  readonly own: boolean;
  /** Null until it has ended, and where nobody knows it. */
  readonly exitCode: number | null;
  /** Unix time, ms: when it was accepted; on the service when it was logged. */
  readonly queuedAtMs: number;
  /** Unix time, ms; undefined while queued, for what never ran, and on the service. */
  readonly startedAtMs: number | undefined;
  /** Unix time, ms; undefined until it has ended. */
  readonly endedAtMs: number | undefined;
  /** How it ended; undefined on the service. */
  readonly endReason: ExecutionDetail['end_reason'];
  /** The shell's directory after it; undefined on the service. */
  readonly cwd: string | undefined;
}

export interface ShellCommandsQuery {
  readonly devboxId: string;
  readonly shellName: string;
  readonly own: OwnLaunches;
  readonly statuses: readonly ExecutionStatus[];
  readonly limit: number;
}

/** Of so many commands whose end the service's log does not hold, the newest, the state is asked one by one. */
const MOST_ASKED = 100;
const ASKED_AT_ONCE = 8;

/** The newest commands of a shell in these states, oldest first. From one request where the server lists executions. */
export async function shellCommands(
  link: Link,
  query: ShellCommandsQuery,
  options: RequestOptions | undefined,
): Promise<ShellCommand[]> {
  const server = await link.engine.describe(link, options);
  return server?.capabilities.includes(EXECUTIONS_CAPABILITY)
    ? await fromList(link, query, options)
    : await fromLogs(link, query, options);
}

async function fromList(
  link: Link,
  { devboxId, shellName, own, statuses, limit }: ShellCommandsQuery,
  options: RequestOptions | undefined,
): Promise<ShellCommand[]> {
  const { executions } = await call(
    link,
    {
      what: `Listing the commands of the shell ${JSON.stringify(shellName)}`,
      method: 'GET',
      path: routes.executions(devboxId),
      query: { shell_name: shellName, status: statuses.join(','), limit: String(limit) },
      schema: executionListView,
      repeat: 'always',
    },
    options,
  );
  return executions.map((view) => ({
    number: view.nsh?.number,
    commandId: view.nsh?.command_id,
    command: view.nsh?.command ?? '',
    executionId: view.execution_id,
    status: view.status,
    own: own.has(view.execution_id),
    exitCode: view.exit_status ?? null,
    queuedAtMs: view.nsh?.queued_at_ms ?? 0,
    startedAtMs: view.nsh?.started_at_ms,
    endedAtMs: view.nsh?.ended_at_ms,
    endReason: view.nsh?.end_reason,
    cwd: view.nsh?.cwd,
  }));
}

async function fromLogs(
  link: Link,
  query: ShellCommandsQuery,
  options: RequestOptions | undefined,
): Promise<ShellCommand[]> {
  const { devboxId, shellName, own, limit } = query;
  const { logs } = await call(
    link,
    {
      what: `Reading the log of the shell ${JSON.stringify(shellName)}`,
      method: 'GET',
      path: routes.logs(devboxId),
      query: { shell_name: shellName },
      schema: logsView,
      repeat: 'always',
    },
    options,
  );
  const logged = loggedCommands(logs, shellName);
  const known = new Set(logged.map(({ executionId }) => executionId));
  // The log may lag behind: what was just launched here is known without it.
  const unlogged = own.recent
    .filter(({ executionId }) => !known.has(executionId))
    .map(({ executionId, command, launchedAtMs }) => ({ executionId, command, loggedAtMs: launchedAtMs }));
  const all = [...logged, ...unlogged];
  const numbers = new Map(logged.map((command, index) => [command, index + 1]));
  const states = await statesOf(link, devboxId, all.filter(isOpen).slice(-MOST_ASKED), options);
  const wanted = new Set<string>(query.statuses);
  const commands = all.map((one) => ({
    ...commandOf(one, states.get(one), own.has(one.executionId)),
    number: numbers.get(one),
  }));
  // What nobody knows any more has ended, somehow: it belongs to the history.
  const fits = ({ status }: ShellCommand) => wanted.has(status === 'unknown' ? 'completed' : status);
  return commands.filter(fits).slice(-limit);
}

const isOpen = (command: LoggedCommand) =>
  command.endedAtMs === undefined && command.executionId !== undefined;

/** The views of commands whose end is not in the log; those that the server does not know are left out. */
async function statesOf(
  link: Link,
  devboxId: string,
  open: readonly LoggedCommand[],
  options: RequestOptions | undefined,
): Promise<Map<LoggedCommand, ExecutionView>> {
  const states = new Map<LoggedCommand, ExecutionView>();
  const left = open.values();
  const ask = async () => {
    for (const command of left) {
      try {
        states.set(
          command,
          await call(link, retrieveExecution(devboxId, command.executionId ?? ''), options),
        );
      } catch (error) {
        if (!(error instanceof NamedShellError && error.kind === 'not_found')) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: ASKED_AT_ONCE }, ask));
  return states;
}

function commandOf(
  logged: LoggedCommand,
  view: ExecutionView | undefined,
  own: boolean,
): Omit<ShellCommand, 'number'> {
  const { command, executionId, loggedAtMs, endedAtMs, exitCode } = logged;
  return {
    commandId: undefined,
    command,
    executionId,
    status: endedAtMs === undefined ? (view?.status ?? 'unknown') : 'completed',
    own,
    exitCode: exitCode ?? view?.exit_status ?? null,
    queuedAtMs: loggedAtMs,
    startedAtMs: undefined,
    endedAtMs,
    endReason: undefined,
    cwd: undefined,
  };
}
