import { ServerError } from './server-error.ts';

export type ListenAddress =
  | { readonly socketPath: string }
  | { readonly host: string; readonly port: number };

/**
 * Checks where a server is asked to listen: over TCP only on this machine and only with a token, since whoever
 * reaches it runs commands as this user.
 *
 * @throws ServerError `not_loopback`, `token_missing`
 */
export function checkListenAddress(listen: ListenAddress, token: string | undefined): void {
  if ('socketPath' in listen) return;
  if (!isLoopback(listen.host)) {
    throw new ServerError(
      'not_loopback',
      `${listen.host} can be reached from other machines, and whoever reaches this server runs commands as you. Listen on 127.0.0.1, and use ssh -L to reach it from elsewhere.`,
    );
  }
  if (token === undefined || token === '') {
    throw new ServerError(
      'token_missing',
      'A server on TCP needs a token: every user of this machine can connect to it. Give one.',
    );
  }
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
