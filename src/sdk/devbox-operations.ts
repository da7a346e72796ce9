import { type CreateDevboxBody, type DevboxStatus, devboxListView, devboxView } from '../api/devbox.ts';
import { routes } from '../api/routes.ts';
import { awaitDevbox } from './await-devbox.ts';
import { Devbox } from './devbox.ts';
import { call } from './http/call.ts';
import type { Link } from './http/link.ts';
import type { LongPollRequestOptions, RequestOptions } from './options.ts';
import { openScope } from './scope.ts';

/** Which devboxes to list. Source: `DevboxListParams` of the official client. */
export interface DevboxListParams {
  /** Only those in this state. Default: all. */
  status?: DevboxStatus | undefined;
  /** Most devboxes to return. Default: the server's, 20. */
  limit?: number | undefined;
  /** The id after which the page starts. */
  starting_after?: string | undefined;
}

/** Devboxes: `client.devbox`. */
export class DevboxOperations {
  readonly #link: Link;

  /** @internal */
  constructor(link: Link) {
    this.#link = link;
  }

  /**
   * Creates a devbox and waits until it runs.
   *
   * @throws NamedShellError of kind `server` when it ends in another state, `unknown_outcome` when it is not known
   *   whether one was created (then look at `list()`)
   */
  async create(params?: CreateDevboxBody, options?: LongPollRequestOptions): Promise<Devbox> {
    const scope = openScope(this.#link.transport.closed, options, 'Creating the devbox');
    try {
      const created = await call(
        this.#link,
        {
          what: 'Creating a devbox',
          method: 'POST',
          path: routes.devboxes(),
          body: params ?? {},
          schema: devboxView,
          repeat: 'unsent',
          reconcile: 'A devbox may have been created: look at client.devbox.list() before creating another.',
        },
        { ...options, signal: scope.signal },
      );
      if (created.status !== 'running') await awaitDevbox(this.#link, created.id, 'running', scope.signal);
      return new Devbox(this.#link, created.id);
    } finally {
      scope.release();
    }
  }

  /** The devbox of that id. Nothing is sent: whether it exists shows with the first call. */
  fromId(id: string): Devbox {
    return new Devbox(this.#link, id);
  }

  /** One page of devboxes, newest first; go on with the last id as `starting_after`. */
  async list(params?: DevboxListParams, options?: RequestOptions): Promise<Devbox[]> {
    const page = await call(
      this.#link,
      {
        what: 'Listing the devboxes',
        method: 'GET',
        path: routes.devboxes(),
        query: {
          status: params?.status,
          limit: params?.limit === undefined ? undefined : String(params.limit),
          starting_after: params?.starting_after,
        },
        schema: devboxListView,
        repeat: 'always',
      },
      options,
    );
    return page.devboxes.map(({ id }) => new Devbox(this.#link, id));
  }
}
