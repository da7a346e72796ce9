import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { isHttp2Request } from './outgoing.ts';

/** What stands for a request's connection: one object for all of its requests, over HTTP/1.1 and HTTP/2. */
export function connectionOf(request: IncomingMessage): object {
  return isHttp2Request(request) ? (request.stream.session ?? request.stream) : request.socket;
}

/** The address that a request comes from; empty over a Unix socket. */
export function peerOf(request: IncomingMessage): string {
  return socketOf(request)?.remoteAddress ?? '';
}

/** Bytes that have come on a request's connection, of whatever request. */
export function bytesReceived(request: IncomingMessage): number {
  return socketOf(request)?.bytesRead ?? 0;
}

/** Undefined when the connection of an HTTP/2 request has gone. */
function socketOf(request: IncomingMessage): Pick<Socket, 'remoteAddress' | 'bytesRead'> | undefined {
  return isHttp2Request(request) ? request.stream.session?.socket : request.socket;
}
