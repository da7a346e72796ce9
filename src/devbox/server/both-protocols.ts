import type { RequestListener, Server } from 'node:http';
import {
  constants,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Socket } from 'node:net';

/** What HTTP/2 begins with where both sides know that it is spoken (RFC 9113, 3.4), as far as no HTTP/1.1 request does. */
const PREFACE = Buffer.from('PRI ');
/** Requests of one connection at a time. Streams of output are held open, and a client has several connections. */
const MAX_STREAMS = 1_000;
/** What a connection may hold of answers that its client does not take, MiB. */
const MAX_SESSION_MEMORY_MIB = 64;

export interface Http2Connections {
  /** Lets the answers that are under way end, and the connections with them. Cuts those that have asked nothing yet. */
  close(): void;
  /** Cuts all. */
  destroy(): void;
}

/**
 * Makes a server speak HTTP/2 too, on the same port: the first bytes of a connection tell. The official clients speak it
 * without TLS (`h2c`, by prior knowledge). HTTP/1.1 pays one event for each connection, nothing for a request.
 *
 * @param requestTimeoutMs how long a request may take to arrive
 */
export function speakBothProtocols(
  server: Server,
  listener: RequestListener,
  requestTimeoutMs: number,
): Http2Connections {
  const undecided = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  const http2 = createHttp2Server(
    { settings: { maxConcurrentStreams: MAX_STREAMS }, maxSessionMemory: MAX_SESSION_MEMORY_MIB },
    // Its compatibility interface: what is not the same is in `http/outgoing.ts`.
    listener as unknown as (request: Http2ServerRequest, response: Http2ServerResponse) => void,
  );
  http2.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    // A client that breaks the rules, or its connection: the session ends by itself.
    session.on('error', () => undefined);
  });
  http2.on('stream', (stream) => cutWhenSlow(stream, requestTimeoutMs));

  const speakHttp1 = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    undecided.add(socket);
    socket.setTimeout(requestTimeoutMs, () => socket.destroy());
    whenDecided(socket, (isHttp2) => {
      undecided.delete(socket);
      socket.setTimeout(0);
      socket.removeAllListeners('timeout');
      if (isHttp2) http2.emit('connection', socket);
      else for (const speak of speakHttp1) speak.call(server, socket);
    });
    socket.once('close', () => undecided.delete(socket));
  });

  const endAll = (end: (session: ServerHttp2Session) => void) => {
    for (const session of sessions) end(session);
    for (const socket of undecided) socket.destroy();
  };
  return {
    close: () => endAll((session) => session.close()),
    destroy: () => endAll((session) => session.destroy()),
  };
}

/** Calls back when enough has come to tell. What was read is put back for the one who takes over. */
function whenDecided(socket: Socket, decided: (isHttp2: boolean) => void): void {
  let first = Buffer.alloc(0);
  const ignore = () => undefined;
  const look = () => {
    for (let bytes = socket.read(); bytes !== null; bytes = socket.read()) {
      first = first.length === 0 ? bytes : Buffer.concat([first, bytes]);
    }
    const known = Math.min(first.length, PREFACE.length);
    const mayBe = first.subarray(0, known).equals(PREFACE.subarray(0, known));
    const isOver = socket.readableEnded || socket.destroyed;
    if (mayBe && known < PREFACE.length && !isOver) return;
    socket.off('readable', look).off('end', look).off('error', ignore);
    if (isOver && first.length === 0) {
      socket.destroy();
      return;
    }
    socket.unshift(first);
    decided(mayBe);
  };
  // Until someone has taken over, nobody else hears of a connection that breaks.
  socket.on('readable', look).on('end', look).on('error', ignore);
}

/** HTTP/1.1 servers have a time limit for this, HTTP/2 servers have none. */
function cutWhenSlow(stream: ServerHttp2Stream, limitMs: number): void {
  if (stream.readableEnded) return;
  const timer = setTimeout(() => stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM), limitMs).unref();
  const stop = () => clearTimeout(timer);
  stream.once('end', stop).once('close', stop);
}
