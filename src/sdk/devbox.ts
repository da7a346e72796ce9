import { v7 as uuidv7 } from 'uuid';
import { type DevboxStatus, type DevboxView, devboxView } from '../api/devbox.ts';
import { type ShellView, shellListView } from '../api/extension/shell.ts';
import { type LogsView, logsView } from '../api/log.ts';
import { routes } from '../api/routes.ts';
import { awaitDevbox, retrieveDevbox } from './await-devbox.ts';
import { CommandOperations } from './command-operations.ts';
import type { DevboxEvent } from './devbox-event.ts';
import { call } from './http/call.ts';
import type { Link } from './http/link.ts';
import { NamedShell } from './named-shell.ts';
import type { LongPollRequestOptions, RequestOptions } from './options.ts';
import { openScope } from './scope.ts';
import { keepDevboxAlive, type WatchDevboxOptions, watchDevbox } from './watch-devbox.ts';

/** Which lines of the log. Source: `LogListParams` of the official client. */
export interface LogFilter {
  /** Of one execution. */
  execution_id?: string | undefined;
  /** Of one named shell. */
  shell_name?: string | undefined;
}

/** A devbox by its id. Made by `client.devbox.create()`, `.fromId()` and `.list()`. */
export class Devbox {
  /** As the server names it: `dbx_…`, or `local` on an embedded devbox. */
  readonly id: string;
  /** Commands outside of named shells. */
  readonly cmd: CommandOperations;
  readonly #link: Link;

  /** @internal */
  constructor(link: Link, id: string) {
    this.#link = link;
    this.id = id;
    this.cmd = new CommandOperations(link, id);
  }

  /**
   * A named shell. Nothing is sent: the first command attaches to the shell of that name, or starts it.
   *
   * @param shellName any name the server takes. Default: a new UUIDv7
   */
  shell(shellName?: string): NamedShell {
    return new NamedShell(this.#link, this.id, shellName ?? uuidv7(), shellName === undefined);
  }

  /** The devbox's present view. */
  async getInfo(options?: RequestOptions): Promise<DevboxView> {
    return await call(this.#link, retrieveDevbox(this.id), options);
  }

  /** Sets the devbox's idle time back to zero. `watch` does it again and again with `keepAliveEvery`. */
  async keepAlive(options?: RequestOptions): Promise<void> {
    await call(this.#link, keepDevboxAlive(this.id), options);
  }

  /**
   * Suspends the devbox: its disk is kept, its processes and shells end. Returns when the server has taken it;
   * `awaitSuspended()` waits for it.
   *
   * @throws NamedShellError of kind `conflict` for `local` of the embedded devbox, which is the machine itself
   */
  async suspend(options?: RequestOptions): Promise<DevboxView> {
    return await this.#change('Suspending', 'suspend', options);
  }

  /**
   * Resumes a suspended devbox and waits until it runs. Its shells start afresh.
   *
   * @throws NamedShellError of kind `server` when it fails or is shut down instead
   */
  async resume(options?: LongPollRequestOptions): Promise<DevboxView> {
    const view = await this.resumeAsync(options);
    return view.status === 'running' ? view : await this.awaitRunning(options);
  }

  /** Resumes a suspended devbox; returns when the server has taken it. */
  async resumeAsync(options?: RequestOptions): Promise<DevboxView> {
    return await this.#change('Resuming', 'resume', options);
  }

  /**
   * Waits until the devbox runs.
   *
   * @throws NamedShellError of kind `server` when it has failed or was shut down
   */
  async awaitRunning(options?: LongPollRequestOptions): Promise<DevboxView> {
    return await this.#awaitStatus('running', options);
  }

  /** As `awaitRunning`, for the end of suspending. */
  async awaitSuspended(options?: LongPollRequestOptions): Promise<DevboxView> {
    return await this.#awaitStatus('suspended', options);
  }

  /** Shuts the devbox down, with its shells. */
  async shutdown(options?: RequestOptions): Promise<DevboxView> {
    return await this.#change('Shutting down', 'shutdown', options);
  }

  /**
   * What becomes of the devbox, live, beginning with how it is: it is suspended, runs again, ends, or the server does not
   * take the key any more; each with what to do. It goes on over broken connections until the signal fires, the loop
   * is left, or the devbox has ended. On a server that cannot hold such a wait it looks every 15 s.
   *
   * @param options.keepAliveEvery sends a keep-alive so often while the loop goes on and the devbox runs, ms.
   *   Default: never
   * @throws NamedShellError
   */
  watch(signal?: AbortSignal, options?: WatchDevboxOptions): AsyncIterable<DevboxEvent> {
    return watchDevbox(this.#link, this.id, signal, options ?? {});
  }

  /** Its named shells with their queues; undefined on the service, which cannot list them. */
  async shells(options?: RequestOptions): Promise<ShellView[] | undefined> {
    if (!(await this.#link.engine.describe(this.#link, options))) return undefined;
    const answer = await call(
      this.#link,
      {
        what: `Listing the shells of devbox ${this.id}`,
        method: 'GET',
        path: routes.shells(this.id),
        schema: shellListView,
        repeat: 'always',
      },
      options,
    );
    return answer.shells;
  }

  /** What was run and printed on the devbox. On the service it may lag behind. */
  async logs(params?: LogFilter, options?: RequestOptions): Promise<LogsView> {
    return await call(
      this.#link,
      {
        what: `Reading the logs of devbox ${this.id}`,
        method: 'GET',
        path: routes.logs(this.id),
        query: { execution_id: params?.execution_id, shell_name: params?.shell_name },
        schema: logsView,
        repeat: 'always',
      },
      options,
    );
  }

  /** Sent again after a broken connection: to ask twice for one state changes nothing. */
  async #change(
    doing: string,
    action: 'suspend' | 'resume' | 'shutdown',
    options: RequestOptions | undefined,
  ): Promise<DevboxView> {
    const what = `${doing} devbox ${this.id}`;
    const path = routes[action](this.id);
    return await call(
      this.#link,
      { what, method: 'POST', path, body: {}, schema: devboxView, repeat: 'always' },
      options,
    );
  }

  async #awaitStatus(status: DevboxStatus, options: LongPollRequestOptions | undefined): Promise<DevboxView> {
    const scope = openScope(this.#link.transport.closed, options, `Devbox ${this.id}`);
    try {
      return await awaitDevbox(this.#link, this.id, status, scope.signal);
    } finally {
      scope.release();
    }
  }
}
