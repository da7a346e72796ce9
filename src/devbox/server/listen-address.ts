import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { ServerError } from './server-error.ts';

export type ListenAddress =
  | { readonly socketPath: string }
  | { readonly host: string; readonly port: number };

/** Fewest characters of a token where anybody on the network may try one. */
const MIN_REMOTE_TOKEN = 16;

/**
 * Checks where a server is asked to listen: over TCP only with a token, since whoever reaches it runs commands as this user,
 * and only on this machine, unless that was asked for by name.
 *
 * @throws ServerError `not_loopback`, `token_missing`, `token_short`
 */
export function checkListenAddress(
  listen: ListenAddress,
  { token = '', allowRemote = false }: { readonly token?: string; readonly allowRemote?: boolean },
): void {
  if ('socketPath' in listen) return;
  const isRemote = !isLoopback(listen.host);
  if (isRemote && !allowRemote) {
    throw new ServerError(
      'not_loopback',
      `${listen.host} can be reached from other machines, and whoever reaches this server runs commands as you. Listen on 127.0.0.1, and use ssh -L to reach it from elsewhere; --allow-remote listens there all the same.`,
    );
  }
  if (token === '') {
    throw new ServerError(
      'token_missing',
      'A server on TCP needs a token: every user of this machine can connect to it. Give one.',
    );
  }
  if (isRemote && token.length < MIN_REMOTE_TOKEN) {
    throw new ServerError(
      'token_short',
      `A token for a server that other machines can reach needs at least ${MIN_REMOTE_TOKEN} characters, so that nobody finds it by trying. Unset NSH_TOKEN for a random one.`,
    );
  }
}

/** The names that clients may put into `Host`: what a page's own name would be, pointed here, is none of them. */
export function isOwnHost(listen: ListenAddress): ((name: string) => boolean) | undefined {
  if ('socketPath' in listen) return undefined;
  const host = listen.host.toLowerCase();
  if (isLoopback(host)) return (name) => isLoopback(name);
  // An address is no name that could be pointed elsewhere.
  return (name) => isLoopback(name) || name === host || isIP(name) !== 0 || name === hostname().toLowerCase();
}

/** Names of this machine that can be connected to from this machine alone. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  return name === 'localhost' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

export function describeAddress(listen: ListenAddress): string {
  if ('socketPath' in listen) return listen.socketPath;
  return `http://${listen.host.includes(':') ? `[${listen.host}]` : listen.host}:${listen.port}`;
}
