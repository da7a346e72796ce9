export interface StartDevboxOptions {
  /** Closes the devbox when it aborts. */
  readonly signal?: AbortSignal;
  /** Of 127.0.0.1. 0, the default, takes a free one. */
  readonly port?: number;
  /** What clients must send as bearer token. Default: a random one. */
  readonly token?: string;
  /** What shells inherit, their secrets excepted. Default: `process.env`. `HOME` is always the devbox's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A devbox that is served by this process. Its address and token are named as in clients' options: `new DevboxClient(devbox)`. */
export interface EmbeddedDevbox extends AsyncDisposable {
  /** `RUNLOOP_BASE_URL` of clients. */
  readonly baseURL: string;
  /** `RUNLOOP_API_KEY` of clients. */
  readonly bearerToken: string;
  /** The devbox that is there from the start, `local`; others can be created. */
  readonly devboxId: string;
  /** Where its commands start: a folder of its own, empty at first, that goes with it. */
  readonly home: string;
  /** Settles when it has ended, for whatever reason, and nothing of it is left. */
  readonly closed: Promise<void>;
  /** Ends its shells, with their jobs, and removes what it kept. Idempotent. */
  close(): Promise<void>;
}

/**
 * Serves a devbox in this process, for tests and demonstrations without an account: the HTTP API of Runloop's devboxes over
 * real bash, on a free port of 127.0.0.1. Any number of them may be there at once. Commands run as this user.
 *
 * With `close`, `await using` or the signal nothing of it is left: no process, folder, socket or handle. A process that
 * ends without takes its shells and folders along; what one leaves that is killed goes with the next `startDevbox`.
 *
 * @throws ServerError with a `code` that says why it cannot start (`address_in_use`); BashNotFoundError;
 * the signal's reason when it aborts before the devbox has started
 */
export async function startDevbox(options: StartDevboxOptions = {}): Promise<EmbeddedDevbox> {
  options.signal?.throwIfAborted();
  // Most who import the library are clients. With the server's modules loaded a process that reads 1 GiB of output grows by
  // 45 to 165 MB, without them by 12 to 36.
  const { embedDevbox } = await import('./embed-devbox.ts');
  return embedDevbox(options);
}
