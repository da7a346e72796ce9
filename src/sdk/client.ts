import { z } from 'zod';
import { MAX_HOLD_SECONDS } from '../api/execution.ts';
import { KEEP_SHELLS_CAPABILITY } from '../api/extension/adopted.ts';
import type { ServerView } from '../api/extension/server.ts';
import { routes } from '../api/routes.ts';
import { DevboxOperations } from './devbox-operations.ts';
import { NamedShellError } from './errors.ts';
import { call } from './http/call.ts';
import { type ConnectionEvent, ConnectionMonitor } from './http/connection-monitor.ts';
import { Engine } from './http/engine.ts';
import type { Link } from './http/link.ts';
import { Transport } from './http/transport.ts';
import type { Logger, RequestOptions } from './options.ts';
import { RecentIds } from './recent-ids.ts';
import { requireCapability } from './require-capability.ts';

/** Where the server is and how it is spoken to. Names are those of the official client where both have them. */
export interface DevboxClientOptions {
  /** Default: `RUNLOOP_BASE_URL`, else https://api.runloop.ai. */
  baseURL?: string | undefined;
  /** Default: `RUNLOOP_API_KEY`, but that is never sent to a socket. */
  bearerToken?: string | undefined;
  /** The Unix socket of an embedded devbox; then neither an address nor a key is needed. */
  socketPath?: string | undefined;
  /** Whether HTTP/2 may be spoken, where the server offers it over TLS. Default: true. */
  http2?: boolean | undefined;
  /** Longest wait for an answer, ms; a hold that the request asks for comes on top. Default: 30,000. */
  timeout?: number | undefined;
  /** How often a failed request is repeated where that is safe. Waits and streams go on without limit. Default: 5. */
  maxRetries?: number | undefined;
  /**
   * Longest time that the server may hold a request back which waits for something, s, whole, 1 to 25. Lower it below
   * what a proxy on the way cuts. Default: 25, the most that the service takes.
   */
  holdSeconds?: number | undefined;
  /**
   * A stream of output that brought nothing for so long is connected again, ms, from the next byte needed: the only way
   * to find a connection that is half open. Above the server's own heartbeat (the embedded devbox's is 5 s).
   * Default: 60,000.
   */
  streamIdleMs?: number | undefined;
  /** Told when the connection is lost and back, and when the key is refused: for a status line. */
  onConnection?: ((event: ConnectionEvent) => void) | undefined;
  /** For debugging; `console` is one. Default: none, and nothing is ever written to the console. */
  logger?: Logger | undefined;
}

export interface StopServerParams {
  /** Leaves the shells, with what runs in them, to the next server of the same state directory. Default: false. */
  keep_shells?: boolean | undefined;
}

const DEFAULT_BASE_URL = 'https://api.runloop.ai';
const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_RETRIES = 5;
const DEFAULT_STREAM_IDLE_MS = 60_000;

/**
 * A connection to a devbox server. The proxy variables of the environment are honoured (`HTTPS_PROXY`, `HTTP_PROXY`,
 * `NO_PROXY`, or in lower case), but never for a socket or a loopback address. Making one sends nothing; `close()`, or
 * `await using`, ends it.
 */
export class DevboxClient implements AsyncDisposable {
  /** Makes, finds and lists devboxes. */
  readonly devbox: DevboxOperations;
  readonly #link: Link;

  /**
   * @throws NamedShellError of kind `authentication` when there is no key, `invalid_request` when the base URL is none,
   *   `proxy` when the environment's proxy is none
   */
  constructor(options: DevboxClientOptions = {}) {
    const { socketPath } = options;
    const bearerToken = options.bearerToken ?? (socketPath ? undefined : fromEnvironment('RUNLOOP_API_KEY'));
    if (!socketPath && !bearerToken) {
      throw new NamedShellError(
        'authentication',
        'No key for the devbox server: set RUNLOOP_API_KEY, or give the option bearerToken (or socketPath for a local server).',
      );
    }
    const baseURL = socketPath
      ? 'http://localhost'
      : (options.baseURL ?? fromEnvironment('RUNLOOP_BASE_URL') ?? DEFAULT_BASE_URL);
    this.#link = {
      transport: new Transport({ baseURL, socketPath, bearerToken, http2: options.http2 }),
      monitor: new ConnectionMonitor(options.onConnection, options.logger),
      engine: new Engine(),
      launched: new RecentIds(),
      logger: options.logger,
      maxRetries: options.maxRetries ?? DEFAULT_MAX_RETRIES,
      timeout: options.timeout ?? DEFAULT_TIMEOUT_MS,
      holdSeconds: checkHold(options.holdSeconds ?? MAX_HOLD_SECONDS),
      streamIdleMs: options.streamIdleMs ?? DEFAULT_STREAM_IDLE_MS,
    };
    this.devbox = new DevboxOperations(this.#link);
  }

  /**
   * What the embedded devbox says of itself; undefined on the service. Asked once, and again after the connection broke.
   */
  async server(options?: RequestOptions): Promise<ServerView | undefined> {
    return await this.#link.engine.describe(this.#link, options);
  }

  /**
   * Stops an embedded devbox and every shell in it.
   *
   * @param params.keep_shells leaves the shells, with what runs and waits in them, to the next server of the same state
   *   directory; default: false
   * @throws NamedShellError of kind `not_found` on the service; `invalid_request`, before anything is sent, when the
   *   server cannot keep shells
   */
  async stopServer(params?: StopServerParams, options?: RequestOptions): Promise<void> {
    const keepShells = params?.keep_shells === true;
    const what = 'Stopping the server';
    // One that does not know the word would end the shells.
    if (keepShells) {
      const lacking = 'cannot leave its shells to another. Stop it without keep_shells to end them.';
      await requireCapability(this.#link, KEEP_SHELLS_CAPABILITY, { what, lacking }, options);
    }
    await call(
      this.#link,
      {
        what,
        method: 'POST',
        path: routes.stopServer(),
        body: keepShells ? { keep_shells: true } : {},
        schema: z.unknown(),
        repeat: 'unsent',
        reconcile: 'It may have stopped: ask it again to see.',
      },
      options,
    );
    this.#link.engine.forget();
  }

  /**
   * Closes every connection at once; what is under way fails with kind `aborted`, commands go on. Idle connections
   * do not keep a process alive by themselves; open waits, streams and retries do.
   */
  async close(): Promise<void> {
    await this.#link.transport.close();
  }

  /** As `close()`: devboxes, shells and commands go on. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function checkHold(seconds: number): number {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_HOLD_SECONDS) return seconds;
  throw new NamedShellError(
    'invalid_request',
    `holdSeconds must be a whole number from 1 to ${MAX_HOLD_SECONDS}, it is ${seconds}. Leave it out for ${MAX_HOLD_SECONDS}.`,
  );
}

/** An environment variable that is set but empty counts as unset. */
function fromEnvironment(name: string): string | undefined {
  return process.env[name]?.trim() || undefined;
}
