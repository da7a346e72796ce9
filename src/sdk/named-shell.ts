import type { ExecutionStatus } from '../api/execution.ts';
import type { OpenShellView, ShellView } from '../api/extension/shell.ts';
import type { ShellEvent } from '../api/extension/shell-event.ts';
import { launchToFollow, runToEnd } from './command-operations.ts';
import { Completion } from './completion.ts';
import { NamedShellError } from './errors.ts';
import { Execution } from './execution.ts';
import type { ExecutionResult } from './execution-result.ts';
import type { Link } from './http/link.ts';
import { LaunchOrder } from './launch-order.ts';
import type { ExecAsyncParams, ExecParams, LongPollRequestOptions, RequestOptions } from './options.ts';
import { type ShellCommand, shellCommands } from './shell-commands.ts';
import {
  closeShell,
  type OpenShellParams,
  openShell,
  restoreShell,
  retrieveShell,
  type ShellAddress,
} from './shell-on-server.ts';
import type { UnsettledLaunch } from './unsettled-launch.ts';
import { watchShell } from './watch-shell.ts';

/**
 * A shell that lives on the devbox under a name: directory, variables and functions stay from one command to the
 * next, which run one after the other. The same name is the same shell, also from another client.
 * Made by `devbox.shell(name)`, which asks the server nothing.
 *
 * With `await using`, leaving the block closes a shell that got no name (`devbox.shell()`): nobody else can know it. A
 * shell that was given a name is left as it is, for others may use it: `close()` ends it.
 */
export class NamedShell implements AsyncDisposable {
  /** Its name on the devbox; a UUIDv7 when none was given. */
  readonly name: string;
  /** The devbox that it lives on. */
  readonly devboxId: string;
  readonly #link: Link;
  readonly #order = new LaunchOrder();
  readonly #isNameless: boolean;

  /** @internal `isNameless`: the name was made for it */
  constructor(link: Link, devboxId: string, name: string, isNameless: boolean) {
    this.#link = link;
    this.devboxId = devboxId;
    this.name = name;
    this.#isNameless = isNameless;
  }

  /**
   * Runs a command in this shell and waits for its end, and for the callbacks if there are any. A later call on
   * this object is sent when this one's launch was answered: after `optimistic_timeout` (25 s) at the latest.
   *
   * @throws NamedShellError; or what a callback threw
   */
  async exec(
    command: string,
    params?: Omit<ExecParams, 'shell_name'>,
    options?: LongPollRequestOptions,
  ): Promise<ExecutionResult> {
    return await runToEnd(this.#link, this.devboxId, command, this.#here(params), options, this.#order);
  }

  /**
   * Launches a command in this shell and returns when the server has taken it; it may have to wait in the shell's
   * queue. Callbacks get its output when all earlier executions of this object have handed out theirs.
   *
   * @param options its signal ends the launch and, later, the delivery to callbacks
   * @throws NamedShellError of kind `unknown_outcome` when the command may or may not have been started
   */
  async execAsync(
    command: string,
    params?: Omit<ExecAsyncParams, 'shell_name'>,
    options?: RequestOptions,
  ): Promise<Execution> {
    return await launchToFollow(this.#link, this.devboxId, command, this.#here(params), options, this.#order);
  }

  /**
   * The launch of this object that ended with `unknown_outcome` and was not found since; undefined when there is none.
   * Calls of `exec` and `execAsync` wait behind it: look for it, or let them go.
   */
  get unsettled(): UnsettledLaunch | undefined {
    return this.#order.unsettled;
  }

  /** A command that somebody else launched here, or an earlier program. Nothing is sent. */
  execution(executionId: string): Execution {
    return new Execution(this.#link, {
      devboxId: this.devboxId,
      executionId,
      completion: new Completion(),
      delivered: undefined,
      lastN: undefined,
    });
  }

  /**
   * Attaches to the shell on the server, or creates it. Needless before `exec`, which creates it too.
   *
   * @returns undefined on the service, which has no such call
   * @throws NamedShellError of kind `invalid_request` when `idleTimeoutMs` or `environment` is given and the server does
   *   not offer it
   */
  async open(params?: OpenShellParams, options?: RequestOptions): Promise<OpenShellView | undefined> {
    return await openShell(this.#address, params ?? {}, options);
  }

  /**
   * The commands of this shell that have ended, and the one that runs, of every client; oldest first. What waits is in
   * `executions()`, or here too. The embedded devbox keeps 1,000 of a shell. On the service it comes from the devbox's log, which
   * may lag behind: what this object launched is there all the same.
   *
   * @param params.limit so many of the newest. Default: 100
   * @param params.waiting also those that wait. Default: false
   * @throws NamedShellError
   */
  async history(
    params?: { limit?: number | undefined; waiting?: boolean | undefined },
    options?: RequestOptions,
  ): Promise<ShellCommand[]> {
    const limit = params?.limit ?? 100;
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw new NamedShellError(
        'invalid_request',
        `history's limit must be a whole number of 1 or more, it is ${limit}.`,
      );
    }
    const waiting = params?.waiting ? (['queued'] as const) : [];
    return await this.#commands(['running', 'completed', ...waiting], limit, options);
  }

  /**
   * The commands that run and wait in this shell, in order: those launched here (`own`) and those of other clients.
   * `shell.execution(id)` follows or kills one. On the service it comes from the devbox's log and a look at each.
   *
   * @throws NamedShellError
   */
  async executions(options?: RequestOptions): Promise<ShellCommand[]> {
    return await this.#commands(['running', 'queued'], Number.MAX_SAFE_INTEGER, options);
  }

  /** The shell as the server sees it; undefined when there is none of this name, and on the service. */
  async info(options?: RequestOptions): Promise<ShellView | undefined> {
    return await retrieveShell(this.#address, options);
  }

  /**
   * Ends the shell on the server, with what runs in it; what waits in its queue is cancelled.
   *
   * @returns whether there was one
   * @throws NamedShellError of kind `invalid_request` on the service, which has no call for it
   */
  async close(options?: RequestOptions): Promise<boolean> {
    return await closeShell(this.#address, options);
  }

  /**
   * Brings back what a bash that ended had when it was last idle: variables, functions, aliases, options, directory;
   * not its jobs. It starts a fresh bash with that state.
   *
   * @throws NamedShellError of kind `conflict` when the shell has a bash, or left nothing; `invalid_request` on the
   *   service, which has no such call
   */
  async restore(options?: RequestOptions): Promise<ShellView> {
    return await restoreShell(this.#address, options);
  }

  /**
   * What happens in this shell, live, from a snapshot on: commands of every client queued, started and ended, its
   * working directory, its end. It goes on over broken connections until the signal fires or the loop is left.
   *
   * @throws NamedShellError of kind `invalid_request` on the service, which has no such call
   */
  watch(signal?: AbortSignal): AsyncIterable<ShellEvent> {
    return watchShell(this.#link, this.devboxId, this.name, signal ?? this.#link.transport.closed);
  }

  /** Closes a shell without a name of its own, where the server can; leaves any other as it is. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isNameless && (await this.#link.engine.describe(this.#link))) await this.close();
  }

  get #address(): ShellAddress {
    return { link: this.#link, devboxId: this.devboxId, name: this.name };
  }

  async #commands(
    statuses: readonly ExecutionStatus[],
    limit: number,
    options: RequestOptions | undefined,
  ): Promise<ShellCommand[]> {
    const { devboxId, name: shellName } = this;
    const query = { devboxId, shellName, own: this.#order.own, statuses, limit };
    return await shellCommands(this.#link, query, options);
  }

  /** The name goes last: a `shell_name` smuggled in past the types never wins. */
  #here<P extends object>(params: P | undefined): P & { shell_name: string } {
    return { ...(params as P), shell_name: this.name };
  }
}
