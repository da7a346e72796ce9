import { type ServerView, serverView } from '../../api/extension/server.ts';
import { routes } from '../../api/routes.ts';
import { abortable } from '../abort.ts';
import { type ErrorKind, NamedShellError } from '../errors.ts';
import type { RequestOptions } from '../options.ts';
import { call } from './call.ts';
import type { Link } from './link.ts';

/** Answers by which a server says that it has no such route: then it is the service. */
const NOT_OURS: readonly ErrorKind[] = [
  'not_found',
  'authentication',
  'invalid_request',
  'conflict',
  'protocol',
];

/**
 * Finds out what answers here: the embedded devbox, with extension routes, or the service, with none. Asked once for as
 * long as the connection holds: after a break another server may answer.
 */
export class Engine {
  #known: { readonly view: ServerView | undefined } | undefined;
  #asking: SharedQuestion | undefined;

  /** The embedded devbox's description; undefined on the service. Asks at most once with success between two breaks. */
  async describe(link: Link, options?: RequestOptions): Promise<ServerView | undefined> {
    if (this.#known) return this.#known.view;
    this.#known = { view: await ask(link, options) };
    return this.#known.view;
  }

  /** The connection broke, or the server was stopped. */
  forget(): void {
    this.#known = undefined;
  }

  /**
   * For streams, which wait out a bad network: those of an execution share one question. It ends when nobody waits for it
   * any more.
   */
  async offers(capability: string, link: Link, signal: AbortSignal | undefined): Promise<boolean> {
    this.#asking ??= this.#ask(link);
    const asking = this.#asking;
    asking.waiting += 1;
    try {
      const view = await abortable(asking.answer, signal);
      return view?.capabilities.includes(capability) ?? false;
    } finally {
      asking.waiting -= 1;
      if (asking.waiting === 0) {
        asking.over.abort();
        if (this.#asking === asking) this.#asking = undefined;
      }
    }
  }

  #ask(link: Link): SharedQuestion {
    const over = new AbortController();
    const options = { signal: over.signal, maxRetries: Number.POSITIVE_INFINITY };
    return { answer: this.describe(link, options), over, waiting: 0 };
  }
}

interface SharedQuestion {
  readonly answer: Promise<ServerView | undefined>;
  readonly over: AbortController;
  waiting: number;
}

async function ask(link: Link, options: RequestOptions | undefined): Promise<ServerView | undefined> {
  try {
    return await call(
      link,
      {
        what: 'Asking the server what it is',
        method: 'GET',
        path: routes.server(),
        schema: serverView,
        repeat: 'always',
      },
      options,
    );
  } catch (error) {
    if (error instanceof NamedShellError && !isOurs(error) && NOT_OURS.includes(error.kind)) return undefined;
    throw error;
  }
}

/** A wrong key: only the embedded devbox puts a word of its own beside the message. */
function isOurs(error: NamedShellError): boolean {
  return error.status === 401 && error.code !== undefined;
}
