import { chmod, lstat, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect } from 'node:net';
import { type Http2Connections, speakBothProtocols } from './both-protocols.ts';
import { connectionLimit } from './connection-limit.ts';
import type { ListenAddress } from './listen-address.ts';
import { ServerError } from './server-error.ts';

/** Most bytes of a request's head: a token and a few fields are hundreds. */
const MAX_HEAD_BYTES = 16 * 1024;
/** Connections that may wait to be taken: a thousand clients that come back at once must not be refused. */
const BACKLOG = 4096;

export interface Listening {
  readonly server: Server;
  /** Those of its connections that speak HTTP/2. */
  readonly http2: Http2Connections;
}

/** What a server puts up with. Of slow bodies see `http/slow-bodies.ts`. */
export interface ListenLimits {
  /** A client that takes longer to send the head of a request is cut off, ms. */
  readonly headTimeoutMs: number;
  /** How often heads are looked after, ms. */
  readonly lookEveryMs: number;
  /** How long an unused connection is kept for its client's next request, ms. */
  readonly keepAliveMs: number;
  readonly maxConnections: number;
}

const defaultLimits = (): ListenLimits => ({
  headTimeoutMs: 15_000,
  lookEveryMs: 5_000,
  keepAliveMs: 75_000,
  maxConnections: connectionLimit(),
});

/**
 * Listens for HTTP/1.1 and HTTP/2, on a Unix socket (0600; one that a dead server left is replaced) or on TCP.
 *
 * @throws ServerError `already_running`, `address_in_use`, `listen_failed`
 */
export async function listen(
  address: ListenAddress,
  listener: RequestListener,
  limits: ListenLimits = defaultLimits(),
): Promise<Listening> {
  const { headTimeoutMs, lookEveryMs, keepAliveMs, maxConnections } = limits;
  if ('socketPath' in address) await removeStaleSocket(address.socketPath);
  const server = createServer(
    // Small answers and events leave at once; a peer that vanished without a word is found in the end.
    {
      noDelay: true,
      keepAlive: true,
      keepAliveTimeout: keepAliveMs,
      headersTimeout: headTimeoutMs,
      requestTimeout: 0,
      connectionsCheckingInterval: lookEveryMs,
      maxHeaderSize: MAX_HEAD_BYTES,
    },
    listener,
  );
  server.maxConnections = maxConnections;
  const http2 = speakBothProtocols(server, listener, {
    headTimeoutMs,
    keepAliveMs,
    maxHeadBytes: MAX_HEAD_BYTES,
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(whyNot(address, error)));
    server.once('listening', () => resolve());
    const where = 'socketPath' in address ? { path: address.socketPath } : address;
    server.listen({ ...where, backlog: BACKLOG });
  });
  server.removeAllListeners('error');
  if ('socketPath' in address) await chmod(address.socketPath, 0o600);
  return { server, http2 };
}

async function removeStaleSocket(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined) return;
  if (!stats.isSocket()) {
    throw new ServerError(
      'listen_failed',
      `${path} exists and is not a socket. Remove it, or listen elsewhere.`,
    );
  }
  if (await answers(path)) {
    throw new ServerError(
      'already_running',
      `Another server listens on ${path}. Stop it first, or listen elsewhere.`,
    );
  }
  await rm(path, { force: true });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const settle = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

function whyNot(address: ListenAddress, error: NodeJS.ErrnoException): ServerError {
  const where = 'socketPath' in address ? address.socketPath : `${address.host}:${address.port}`;
  if (error.code === 'EADDRINUSE') {
    return new ServerError(
      'address_in_use',
      `Something else listens on ${where}. Stop it, or choose another port (0 takes a free one).`,
      { cause: error },
    );
  }
  return new ServerError('listen_failed', `The server cannot listen on ${where} (${error.message}).`, {
    cause: error,
  });
}
