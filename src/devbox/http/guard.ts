import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Refusal } from '../model/refusal.ts';
import { TokenCheck } from './token-check.ts';

export interface GuardOptions {
  /** Required of every request when set. */
  readonly token?: string;
  /** Tells whether a name in the `Host` header is this server's own; unset where no browser can connect. */
  readonly isOwnHost?: (name: string) => boolean;
}

export type Guard = (request: IncomingMessage) => Refusal | undefined;

/**
 * Who may send requests at all. A web page that the user visits can make the browser send requests to this machine: `Origin`
 * or `Sec-Fetch-Site` give it away, and `Host` does where the page's own name was pointed here (DNS rebinding).
 */
export function createGuard({ token, isOwnHost }: GuardOptions): Guard {
  const tokens = token === undefined ? undefined : new TokenCheck(token);
  return (request) => {
    const { headers } = request;
    if (headers.origin !== undefined || isOfPage(headers)) {
      return new Refusal(403, 'origin_refused', 'Requests of web pages (with an Origin header) are refused.');
    }
    if (isOwnHost !== undefined && !hostNames(headers).every(isOwnHost)) {
      return new Refusal(
        403,
        'host_refused',
        'The Host header does not name this server. Connect to the address that it printed.',
      );
    }
    return tokens?.check(request);
  };
}

/** A browser leaves out `Origin` where a page only loads something (`<img>`, `<script>`, a link), but tells this. */
function isOfPage(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  // `none`: the user typed the address. Fetches of programs have no such header.
  return site !== undefined && site !== 'none';
}

/** HTTP/2 has `:authority` in the place of `Host`, and may have both: neither may be another's. */
function hostNames(headers: IncomingHttpHeaders): string[] {
  const given = [headers[':authority'], headers.host].filter((host) => host !== undefined);
  return given.length === 0 ? [''] : given.map((host) => hostName(String(host)));
}

/** The name alone, without port and the brackets of IPv6. */
function hostName(host: string): string {
  return host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
}
