import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One request as it came in. `body` is its JSON, undefined when it had none or was not read. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: unknown;
}

/** What the server does with one request. */
export type Behaviour = (response: http.ServerResponse, received: Received) => void | Promise<void>;

interface Route {
  readonly method: string;
  readonly ending: string;
  readonly behaviours: Behaviour[];
  readonly received: Received[];
}

/**
 * A real HTTP server on a real socket, scripted request by request: it answers, holds, cuts and lies as told.
 * A route is a method and the end of a path: `POST /execute_async`. The n-th request of a route gets its n-th
 * behaviour, all further ones the last. What no route fits is answered with 404, as the service does with
 * extension routes.
 */
export class MisbehavingServer {
  readonly #server: http.Server;
  readonly #routes: Route[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #unexpected: string[] = [];
  #underWay = 0;
  #watchers: (() => void)[] = [];

  /** `script` runs before the first request can come in. */
  static async start(port = 0, script?: (server: MisbehavingServer) => void): Promise<MisbehavingServer> {
    const server = new MisbehavingServer();
    script?.(server);
    await new Promise<void>((resolve) => server.#server.listen(port, '127.0.0.1', resolve));
    return server;
  }

  private constructor() {
    this.#server = http.createServer((request, response) => void this.#serve(request, response));
    // Idle connections are the client's to end.
    this.#server.keepAliveTimeout = 0;
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => {
        this.#sockets.delete(socket);
        this.#notify();
      });
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  on(route: string, ...behaviours: Behaviour[]): this {
    this.#routes.push({ ...split(route), behaviours, received: [] });
    return this;
  }

  received(route: string): readonly Received[] {
    const wanted = split(route);
    const found = this.#routes.find(
      ({ method, ending }) => method === wanted.method && ending === wanted.ending,
    );
    if (!found) throw new Error(`the test never scripted ${route}`);
    return found.received;
  }

  /** Requests that no route was scripted for, such as `GET /nsh/v1/server`. */
  get unexpected(): readonly string[] {
    return this.#unexpected;
  }

  /** When the route has had so many requests. */
  async arrived(route: string, count = 1): Promise<readonly Received[]> {
    await this.#until(() => this.received(route).length >= count);
    return this.received(route);
  }

  /** When no request is under way any more: each was answered to its end, or its client has left. */
  async quiet(): Promise<void> {
    await this.#until(() => this.#underWay === 0);
  }

  /** When no client holds a connection any more. */
  async deserted(): Promise<void> {
    await this.#until(() => this.#sockets.size === 0);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    this.#underWay += 1;
    response.once('close', () => {
      this.#underWay -= 1;
      this.#notify();
    });
    const url = new URL(request.url ?? '/', 'http://server');
    const method = request.method ?? '';
    const route = this.#routes.find((one) => one.method === method && url.pathname.endsWith(one.ending));
    const text = await readAll(request);
    const received: Received = {
      method,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
    const behaviour = route?.behaviours[Math.min(route.received.length, route.behaviours.length - 1)];
    if (route) route.received.push(received);
    else this.#unexpected.push(`${method} ${url.pathname}`);
    this.#notify();
    await (behaviour ?? answer(404, { message: 'no such route' }))(response, received);
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }

  #notify(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }
}

function split(route: string): { method: string; ending: string } {
  const [method = '', ending = ''] = route.split(' ');
  return { method, ending };
}

async function readAll(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** A JSON answer; a string is sent as it is, as a proxy's page would be. */
export function answer(status: number, body: unknown, headers: http.OutgoingHttpHeaders = {}): Behaviour {
  return (response) => {
    const isText = typeof body === 'string';
    response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers });
    response.end(isText ? body : JSON.stringify(body));
  };
}

/** Reads the request, then drops the connection without an answer: the client cannot know what was done. */
export const drop: Behaviour = (response) => {
  response.destroy();
};

/** Waits for `until`, then goes on as told. A client that leaves meanwhile is not waited for. */
export function hold(until: Promise<unknown>, next: Behaviour): Behaviour {
  return async (response, received) => {
    await until;
    if (!response.destroyed) await next(response, received);
  };
}

/** Never answers. */
export const stall: Behaviour = () => {};

/** How a streamed body ends: with its proper end, in the middle of nowhere, or not at all. */
export type Ending = 'end' | 'cut' | 'open';

/** A body sent piece by piece, each in a write of its own. */
export function pieces(
  contentType: string,
  parts: readonly (string | Uint8Array)[],
  ending: Ending,
  headers: http.OutgoingHttpHeaders = {},
): Behaviour {
  return async (response) => {
    response.writeHead(200, { 'content-type': contentType, ...headers });
    response.flushHeaders();
    for (const part of parts) {
      await new Promise<void>((resolve) => response.write(part, () => resolve()));
      // A turn of the event loop between two writes makes them two reads for the client, mostly.
      await new Promise(setImmediate);
    }
    if (ending === 'end') response.end();
    if (ending === 'cut') response.destroy();
  };
}

/** Server-sent output events. */
export const events = (parts: readonly (string | Uint8Array)[], ending: Ending): Behaviour =>
  pieces('text/event-stream', parts, ending);

/** One output event as text. */
export function event(output: string, offset?: number): string {
  return `data: ${JSON.stringify({ output, ...(offset === undefined ? {} : { offset }) })}\n\n`;
}

/** The raw route's body from `offset` on. */
export const raw = (parts: readonly Uint8Array[], ending: Ending, offset = 0): Behaviour =>
  pieces('application/octet-stream', parts, ending, { 'nsh-offset': String(offset) });
