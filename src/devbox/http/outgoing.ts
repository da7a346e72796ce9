import type { ServerResponse } from 'node:http';
import { constants, Http2ServerRequest, Http2ServerResponse } from 'node:http2';

/**
 * What is not the same for an answer of HTTP/1.1 and one of HTTP/2. The rest of the code takes both for a `ServerResponse`:
 * of HTTP/2 it is `node:http2`'s compatibility interface.
 */

/** Whether nobody can be answered any more. */
export function isGone(outgoing: ServerResponse): boolean {
  return isHttp2(outgoing) ? outgoing.stream.destroyed : outgoing.destroyed;
}

/** Ends it so that the client sees that it is not whole: the connection of HTTP/1.1, the stream of HTTP/2. */
export function cutOff(outgoing: ServerResponse): void {
  if (isHttp2(outgoing)) outgoing.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else outgoing.destroy();
}

/** Headers about the connection, which HTTP/2 has none of. */
export function connectionHeaders(outgoing: ServerResponse, headers: Record<string, string>) {
  if (!isHttp2(outgoing)) return headers;
  const { connection: _, ...rest } = headers;
  return rest;
}

/** Requests are taken for an `IncomingMessage` in the same way. */
export function isHttp2Request(incoming: unknown): incoming is Http2ServerRequest {
  return incoming instanceof Http2ServerRequest;
}

function isHttp2(outgoing: unknown): outgoing is Http2ServerResponse {
  return outgoing instanceof Http2ServerResponse;
}
