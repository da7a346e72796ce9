import type { Logger } from '../options.ts';

/** What the client tells of its connection: for a status line. */
export type ConnectionEvent =
  | { readonly state: 'connected' }
  /** The server does not take the key, as after it was rotated. `reason` is its own word for it. Nothing is retried. */
  | { readonly state: 'unauthorized'; readonly reason: string }
  /** `retryInMs`: the break before the next attempt, ms. */
  | { readonly state: 'retrying'; readonly reason: string; readonly retryInMs: number };

/**
 * Turns outcomes of requests into events: `connected` comes at the first answer and after each bad time, `unauthorized`
 * once for each bad time.
 */
export class ConnectionMonitor {
  readonly #listener: ((event: ConnectionEvent) => void) | undefined;
  readonly #logger: Logger | undefined;
  #state: ConnectionEvent['state'] | undefined;

  constructor(listener: ((event: ConnectionEvent) => void) | undefined, logger: Logger | undefined) {
    this.#listener = listener;
    this.#logger = logger;
  }

  reached(): void {
    if (this.#state !== 'connected') this.#tell({ state: 'connected' });
  }

  unauthorized(reason: string): void {
    if (this.#state !== 'unauthorized') this.#tell({ state: 'unauthorized', reason });
  }

  retrying(reason: string, retryInMs: number): void {
    this.#logger?.warn(`trying again in ${retryInMs} ms: ${reason}`);
    this.#tell({ state: 'retrying', reason, retryInMs });
  }

  /** A listener's error is the listener's: it must not fail the request that happened to be under way. */
  #tell(event: ConnectionEvent): void {
    this.#state = event.state;
    try {
      this.#listener?.(event);
    } catch (error) {
      this.#logger?.warn(`onConnection threw: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
