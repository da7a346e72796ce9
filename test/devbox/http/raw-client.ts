import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { TestDevbox } from '../../helpers/devbox-server.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely, and fail on what is not there.
  readonly body: any;
}

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  /** Sent as JSON, or as it is when it is text or bytes. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** One request with nothing between the test and the wire. */
export async function send(devbox: TestDevbox, raw: RawRequest): Promise<Answer> {
  const incoming = await open(devbox, raw);
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const isJson = incoming.headers['content-type']?.includes('json') === true;
  return {
    status: incoming.statusCode ?? 0,
    headers: incoming.headers,
    bytes,
    body: isJson ? JSON.parse(bytes.toString()) : undefined,
  };
}

/** As `send`, but as soon as the head of the answer is there. */
export function open(
  devbox: TestDevbox,
  { method, path, body, headers }: RawRequest,
): Promise<IncomingMessage> {
  const { socketPath, url, token } = devbox.server;
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        ...(socketPath === undefined ? { host: hostname, port } : { socketPath }),
        method,
        path,
        agent: false,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
      },
      resolve,
    );
    outgoing.once('error', reject);
    outgoing.end(asBytes(body));
  });
}

export const get = (devbox: TestDevbox, path: string, headers?: Record<string, string>) =>
  send(devbox, { method: 'GET', path, ...(headers === undefined ? {} : { headers }) });

export const post = (devbox: TestDevbox, path: string, body: unknown = {}) =>
  send(devbox, { method: 'POST', path, body });

function asBytes(body: unknown): string | Uint8Array {
  if (body === undefined) return '';
  return typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
}
