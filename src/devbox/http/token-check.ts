import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Refusal } from '../model/refusal.ts';
import { connectionOf, peerOf } from './connection-of.ts';

/** Wrong tokens, each counted once, that an address may try in a window: a client with an old one tries that again and again. */
const MAX_GUESSES = 20;
const WINDOW_MS = 60_000;
/** Addresses whose guesses are remembered; of more the one that began first is forgotten. */
const MAX_PEERS = 1_000;

interface Guesses {
  readonly sinceMs: number;
  readonly digests: Set<string>;
}

/**
 * Compares the token of each request in constant time. Who guesses is slowed: when an address has tried too many tokens, its
 * next ones are refused unseen, the right one too, for otherwise trying would go on. Connections on which the right token came
 * before are not: on this machine all have one address, and whoever works must not be locked out by somebody else's guesses.
 */
export class TokenCheck {
  readonly #expected: Buffer;
  readonly #now: () => number;
  readonly #guesses = new Map<string, Guesses>();
  readonly #proven = new WeakSet<object>();

  /** @param now in ms, growing */
  constructor(token: string, now: () => number = () => performance.now()) {
    this.#expected = digest(`Bearer ${token}`);
    this.#now = now;
  }

  /** @returns why the request is refused: 401 `token_wrong`, 429 `too_many_tokens`; undefined when its token is right */
  check(request: IncomingMessage): Refusal | undefined {
    const { authorization = '' } = request.headers;
    const [connection, peer] = [connectionOf(request), peerOf(request)];
    const waitMs = this.#proven.has(connection) ? 0 : this.#waitMs(peer);
    if (waitMs > 0) return tooMany(Math.ceil(waitMs / 1000));
    const given = digest(authorization);
    // Digests have one length, so comparing them takes one time, whatever was sent.
    if (timingSafeEqual(given, this.#expected)) {
      this.#proven.add(connection);
      return undefined;
    }
    this.#proven.delete(connection);
    if (authorization !== '') this.#note(peer, given.toString('latin1'));
    return new Refusal(
      401,
      'token_wrong',
      'The token is missing or wrong. Send the one that the server was started with, as Authorization: Bearer TOKEN.',
      { 'www-authenticate': 'Bearer' },
    );
  }

  /** How long until this address may try another token. */
  #waitMs(peer: string): number {
    const guesses = this.#guesses.get(peer);
    if (guesses === undefined) return 0;
    const leftMs = guesses.sinceMs + WINDOW_MS - this.#now();
    if (leftMs <= 0) this.#guesses.delete(peer);
    return guesses.digests.size < MAX_GUESSES ? 0 : leftMs;
  }

  #note(peer: string, guess: string): void {
    const guesses = this.#guesses.get(peer) ?? { sinceMs: this.#now(), digests: new Set<string>() };
    guesses.digests.add(guess);
    this.#guesses.set(peer, guesses);
    const [oldest] = this.#guesses.keys();
    if (this.#guesses.size > MAX_PEERS && oldest !== undefined) this.#guesses.delete(oldest);
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function tooMany(seconds: number): Refusal {
  return new Refusal(
    429,
    'too_many_tokens',
    `${MAX_GUESSES} wrong tokens came from this address within a minute. New connections are heard again in ${seconds} s.`,
    { 'retry-after': String(seconds) },
  );
}
