import type { RequestListener, Server } from 'node:http';
import {
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
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

export interface ConnectionLimits {
  /** How long a connection may take to send the head of its first request, ms. */
  readonly headTimeoutMs: number;
  /** How long a connection that is not used is kept, ms. */
  readonly keepAliveMs: number;
  /** Most bytes of a request's head. */
  readonly maxHeadBytes: number;
}

/**
 * Makes a server speak HTTP/2 too, on the same port: the first bytes of a connection tell. The official clients speak it
 * without TLS (`h2c`, by prior knowledge). HTTP/1.1 pays one event for each connection, nothing for a request.
 */
export function speakBothProtocols(
  server: Server,
  listener: RequestListener,
  { headTimeoutMs, keepAliveMs, maxHeadBytes }: ConnectionLimits,
): Http2Connections {
  const undecided = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  const http2 = createHttp2Server(
    {
      settings: { maxConcurrentStreams: MAX_STREAMS, maxHeaderListSize: maxHeadBytes },
      maxSessionMemory: MAX_SESSION_MEMORY_MIB,
    },
    // Its compatibility interface: what is not the same is in `http/outgoing.ts`.
    listener as unknown as (request: Http2ServerRequest, response: Http2ServerResponse) => void,
  );
  http2.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    // A client that breaks the rules, or its connection: the session ends by itself.
    session.on('error', () => undefined);
    endWhenUnused(session, headTimeoutMs, keepAliveMs);
  });

  const speakHttp1 = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    undecided.add(socket);
    socket.setTimeout(headTimeoutMs, () => socket.destroy());
    whenDecided(socket, (isHttp2) => {
      undecided.delete(socket);
      socket.setTimeout(0);
      socket.removeAllListeners('timeout');
      if (isHttp2) {
        // HTTP/1.1 may be answered after its client has said all; of HTTP/2 such a connection would be there for good.
        socket.allowHalfOpen = false;
        http2.emit('connection', socket);
      } else for (const speak of speakHttp1) speak.call(server, socket);
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
    if (isOver && mayBe) {
      socket.destroy();
      return;
    }
    socket.unshift(first);
    decided(mayBe);
  };
  // Until someone has taken over, nobody else hears of a connection that breaks.
  socket.on('readable', look).on('end', look).on('error', ignore);
}

/** What HTTP/1.1 servers do by themselves: nobody holds a connection without asking for something. */
function endWhenUnused(session: ServerHttp2Session, headTimeoutMs: number, keepAliveMs: number): void {
  const silent = setTimeout(() => session.destroy(), headTimeoutMs).unref();
  session.once('close', () => clearTimeout(silent));
  session.once('stream', () => clearTimeout(silent));
  let open = 0;
  session.on('stream', (stream) => {
    open += 1;
    stream.once('close', () => {
      open -= 1;
    });
  });
  // A client that has said goodbye gets the answers that are under way. Where it is gone, and left streams in the middle,
  // `node:http2` waits for them for ever, with the socket.
  session.once('goaway', () => {
    const leaving = setTimeout(() => session.destroy(), keepAliveMs).unref();
    session.once('close', () => clearTimeout(leaving));
  });
  session.setTimeout(keepAliveMs);
  // Given to `setTimeout`, a listener hears of the first time alone.
  session.on('timeout', () => {
    if (open === 0) session.close();
  });
}
