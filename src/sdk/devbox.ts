import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { type DevboxView, devboxView } from '../api/devbox.ts';
import { type ShellView, shellListView } from '../api/extension/shell.ts';
import { type LogsView, logsView } from '../api/log.ts';
import { routes } from '../api/routes.ts';
import { CommandOperations } from './command-operations.ts';
import { call } from './http/call.ts';
import type { Link } from './http/link.ts';
import { NamedShell } from './named-shell.ts';
import type { RequestOptions } from './options.ts';

export interface LogFilter {
  execution_id?: string | undefined;
  shell_name?: string | undefined;
}

/** A devbox by its id. Made by `client.devbox.create()`, `.fromId()` and `.list()`. */
export class Devbox {
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
    return await call(
      this.#link,
      {
        what: `Reading devbox ${this.id}`,
        method: 'GET',
        path: routes.devbox(this.id),
        schema: devboxView,
        repeat: 'always',
      },
      options,
    );
  }

  /** Sets the devbox's idle time back to zero. */
  async keepAlive(options?: RequestOptions): Promise<void> {
    await call(
      this.#link,
      {
        what: `Keeping devbox ${this.id} alive`,
        method: 'POST',
        path: routes.keepAlive(this.id),
        body: {},
        schema: z.unknown(),
        repeat: 'always',
      },
      options,
    );
  }

  /** Shuts the devbox down, with its shells. */
  async shutdown(options?: RequestOptions): Promise<DevboxView> {
    return await call(
      this.#link,
      {
        what: `Shutting devbox ${this.id} down`,
        method: 'POST',
        path: routes.shutdown(this.id),
        body: {},
        schema: devboxView,
        repeat: 'always',
      },
      options,
    );
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
}
