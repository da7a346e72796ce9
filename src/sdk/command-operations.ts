import type { ExecutionView } from '../api/execution.ts';
import { Completion } from './completion.ts';
import { Execution } from './execution.ts';
import { ExecutionResult } from './execution-result.ts';
import type { Link } from './http/link.ts';
import { Lane } from './lane.ts';
import { type Launch, launchCommand, newLaunch } from './launch.ts';
import type { LaunchOrder } from './launch-order.ts';
import type { ExecAsyncParams, ExecParams, LongPollRequestOptions, RequestOptions } from './options.ts';
import { deliverOutput, wantsOutput } from './output/deliver-output.ts';
import { openScope } from './scope.ts';
import { TimeLimit } from './time-limit.ts';

/** Commands on a devbox: `devbox.cmd`. Without `shell_name` each runs in a bash of its own, from home. */
export class CommandOperations {
  readonly #link: Link;
  readonly #devboxId: string;

  /** @internal */
  constructor(link: Link, devboxId: string) {
    this.#link = link;
    this.#devboxId = devboxId;
  }

  /**
   * Runs a command and waits for its end. One HTTP request when it ends within `optimistic_timeout` and has no
   * callbacks. Launching is idempotent: a broken connection is retried and the command runs once.
   *
   * @throws NamedShellError; or what a callback threw
   */
  async exec(
    command: string,
    params?: ExecParams,
    options?: LongPollRequestOptions,
  ): Promise<ExecutionResult> {
    return await runToEnd(this.#link, this.#devboxId, command, params ?? {}, options, undefined);
  }

  /**
   * Launches a command and returns when the server has taken it. Without stdin launching is idempotent: it is sent
   * again under the same id, and runs once. With stdin that holds on the embedded devbox; on the service it is sent
   * again only when provably nothing was sent.
   *
   * @param options its signal ends the launch and, later, the delivery to callbacks
   * @throws NamedShellError of kind `unknown_outcome` when the command may or may not have been started
   */
  async execAsync(command: string, params?: ExecAsyncParams, options?: RequestOptions): Promise<Execution> {
    return await launchToFollow(this.#link, this.#devboxId, command, params ?? {}, options, undefined);
  }
}

/** `order` is the named shell's, if the command goes to one: launches leave in turn, streams open in turn. */
export async function runToEnd(
  link: Link,
  devboxId: string,
  command: string,
  params: ExecParams,
  options: LongPollRequestOptions | undefined,
  order: LaunchOrder | undefined,
): Promise<ExecutionResult> {
  const scope = openScope(link.transport.closed, options, 'The command');
  const withOutput = wantsOutput(params);
  let limit: TimeLimit | undefined;
  let sent: Launch | undefined;
  let view: ExecutionView | undefined;
  try {
    limit = TimeLimit.of(params, scope.signal);
    const inTime = { ...options, signal: limit?.signal ?? scope.signal, longPoll: undefined };
    const launch = () => {
      const holdSeconds = withOutput ? 0 : (params.optimistic_timeout ?? link.holdSeconds);
      sent = newLaunch({
        devboxId,
        command,
        shellName: params.shell_name ?? undefined,
        attachStdin: false,
        mergeStderr: params.merge_stderr ?? false,
        lastN: params.last_n,
        holdSeconds: limit?.holdSeconds(holdSeconds) ?? holdSeconds,
      });
      return sent;
    };
    view = await (order ? order.launch(link, launch, inTime) : launchCommand(link, launch(), inTime));
    order?.own.add(view.execution_id, command);
    if (view.status === 'completed' && !withOutput) {
      return new ExecutionResult(link, targetOf(devboxId, view), view);
    }
    return await follow(link, devboxId, view, params, params.last_n, inTime, order).result(inTime);
  } catch (error) {
    throw limit ? await limit.conclude(link, error, sent, view) : error;
  } finally {
    limit?.release();
    scope.release();
  }
}

export async function launchToFollow(
  link: Link,
  devboxId: string,
  command: string,
  params: ExecAsyncParams,
  options: RequestOptions | undefined,
  order: LaunchOrder | undefined,
): Promise<Execution> {
  const launch = () =>
    newLaunch({
      devboxId,
      command,
      shellName: params.shell_name ?? undefined,
      attachStdin: params.attach_stdin ?? false,
      mergeStderr: params.merge_stderr ?? false,
      lastN: undefined,
      holdSeconds: 0,
      commandId: params.command_id ?? undefined,
    });
  const view = await (order ? order.launch(link, launch, options) : launchCommand(link, launch(), options));
  order?.own.add(view.execution_id, command);
  return follow(link, devboxId, view, params, undefined, options, order);
}

/** Must be called in the order of the launches: that is the order in which the streams get their turn. */
function follow(
  link: Link,
  devboxId: string,
  view: ExecutionView,
  callbacks: ExecParams | ExecAsyncParams,
  lastN: string | undefined,
  options: RequestOptions | undefined,
  order: LaunchOrder | undefined,
): Execution {
  const target = targetOf(devboxId, view);
  const delivered = wantsOutput(callbacks)
    ? deliverOutput(link, {
        target,
        callbacks,
        place: (order?.streams ?? new Lane()).enter(),
        options,
      })
    : undefined;
  delivered?.catch((error: unknown) => {
    // result() throws it; without a call of result() it must not end the process as an unhandled rejection.
    link.logger?.warn(
      `delivery of ${target.executionId} ended: ${error instanceof Error ? error.message : error}`,
    );
  });
  return new Execution(link, { ...target, delivered, lastN });
}

function targetOf(devboxId: string, view: ExecutionView) {
  const completion = new Completion();
  completion.observe(view);
  return { devboxId, executionId: view.execution_id, completion };
}
