import type { Dispatcher } from 'undici';
import { NamedShellError } from '../errors.ts';
import { createDispatcher, type RequestDispatcher } from './dispatcher.ts';
import { proxyStatusOf } from './proxy-settings.ts';

export interface TransportOptions {
  readonly baseURL: string;
  readonly socketPath?: string | undefined;
  readonly bearerToken?: string | undefined;
  /** Whether HTTP/2 may be spoken. Default: true. */
  readonly http2?: boolean | undefined;
}

export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>> | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly accept?: string;
}

export interface WireTimes {
  /** Longest wait for the head of the answer, ms. */
  readonly headersMs: number;
  /** Longest silence within the body, ms; 0: any. */
  readonly bodyMs: number;
}

/** A shorter key is a word of the language (`wrong`, `k`): cutting it out would garble messages and hide nothing. */
const SHORTEST_SECRET = 8;

/**
 * Sends requests: over HTTP/2 where the server offers it, HTTP/1.1 elsewhere; TLS, TCP or a Unix socket; no Nagle delay
 * (undici's own setting). Idle sockets are unreferenced by undici, so they never keep a process alive; `close()` ends
 * them and everything open.
 */
export class Transport {
  /** The server's address for error messages; no credentials, no query. */
  readonly where: string;
  /** Fires at `close()`. */
  readonly closed: AbortSignal;
  readonly #requests: RequestDispatcher;
  readonly #origin: string;
  readonly #basePath: string;
  readonly #bearerToken: string | undefined;
  readonly #closing = new AbortController();
  /** Errors of the connecting phase: no byte of a request was written before them. */
  readonly #neverSent = new WeakSet<Error>();

  constructor(options: TransportOptions) {
    const url = parseBaseURL(options.baseURL);
    this.#origin = url.origin;
    this.#basePath = url.pathname.replace(/\/+$/, '');
    this.where = options.socketPath ? `unix:${options.socketPath}` : `${url.origin}${this.#basePath}`;
    this.#bearerToken = options.bearerToken;
    this.closed = this.#closing.signal;
    this.#requests = createDispatcher({
      url,
      socketPath: options.socketPath,
      http2: options.http2 ?? true,
      env: process.env,
      onNotConnected: (error) => this.#neverSent.add(error),
    });
  }

  /** The proxy that connections go through, for messages; undefined when none does. */
  get proxy(): string | undefined {
    return this.#requests.proxy();
  }

  async send(
    request: WireRequest,
    times: WireTimes,
    signal?: AbortSignal | undefined,
  ): Promise<Dispatcher.ResponseData> {
    const headers: Record<string, string> = {
      ...request.headers,
      accept: request.accept ?? 'application/json',
    };
    if (this.#bearerToken !== undefined) headers.authorization = `Bearer ${this.#bearerToken}`;
    if (request.body !== undefined) headers['content-type'] = 'application/json';
    return await this.#requests.dispatcher.request({
      origin: this.#origin,
      method: request.method,
      path: `${this.#basePath}${request.path}${queryText(request.query)}`,
      headers,
      body: request.body === undefined ? null : JSON.stringify(request.body),
      headersTimeout: times.headersMs,
      bodyTimeout: times.bodyMs,
      signal: signal ?? null,
    });
  }

  wasNeverSent(error: unknown): boolean {
    return error instanceof Error && (this.#neverSent.has(error) || proxyStatusOf(error) !== undefined);
  }

  /** A text from outside without the key, should the server have echoed it. */
  redact(text: string): string {
    const key = this.#bearerToken;
    return key && key.length >= SHORTEST_SECRET ? text.replaceAll(key, '[key]') : text;
  }

  /** Ends every connection; what is under way fails with kind `aborted`. */
  async close(): Promise<void> {
    this.#closing.abort(
      new NamedShellError('aborted', 'The client was closed. Make a new DevboxClient to go on.'),
    );
    await this.#requests.dispatcher.destroy();
  }
}

function parseBaseURL(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new NamedShellError(
    'invalid_request',
    'The base URL (option baseURL or RUNLOOP_BASE_URL) is not an http:// or https:// address. Example: https://api.runloop.ai',
  );
}

function queryText(query: WireRequest['query']): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parameters.append(name, value);
  }
  return parameters.size === 0 ? '' : `?${parameters}`;
}
