import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Refusal } from '../model/refusal.ts';

export interface GuardOptions {
  /** Required of every request when set. */
  readonly token?: string;
  /** Tells whether a name in the `Host` header is this server's own; unset where no browser can connect. */
  readonly isOwnHost?: (name: string) => boolean;
}

export type Guard = (request: IncomingMessage) => Refusal | undefined;

/**
 * Who may send requests at all. A web page that the user visits can make the browser send requests to this machine:
 * `Origin` gives it away, and `Host` does where the page's own name was pointed here (DNS rebinding).
 */
export function createGuard({ token, isOwnHost }: GuardOptions): Guard {
  const expected = token === undefined ? undefined : digest(`Bearer ${token}`);
  return (request) => {
    const { origin, authorization } = request.headers;
    // HTTP/2 has the one in place of the other; with both, the browser's own counts.
    const host = request.headers[':authority'] ?? request.headers.host;
    if (origin !== undefined) {
      return new Refusal(403, 'origin_refused', 'Requests of web pages (with an Origin header) are refused.');
    }
    if (isOwnHost !== undefined && !isOwnHost(hostName(String(host ?? '')))) {
      return new Refusal(
        403,
        'host_refused',
        'The Host header does not name this server. Connect to the address that it printed.',
      );
    }
    // Digests have one length, so comparing them takes one time, whatever was sent.
    if (expected !== undefined && !timingSafeEqual(digest(authorization ?? ''), expected)) {
      return new Refusal(
        401,
        'token_wrong',
        'The token is missing or wrong. Send the one that the server was started with, as Authorization: Bearer TOKEN.',
        { 'www-authenticate': 'Bearer' },
      );
    }
    return undefined;
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The name alone, without port and the brackets of IPv6. */
function hostName(host: string): string {
  return host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
}
