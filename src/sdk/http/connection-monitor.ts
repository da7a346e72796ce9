import type { Logger } from '../options.ts';

/** What the client tells of its connection: for a status line. */
export type ConnectionEvent =
  | { readonly state: 'connected' }
  /** `retryInMs`: the break before the next attempt, ms. */
  | { readonly state: 'retrying'; readonly reason: string; readonly retryInMs: number };

/** Turns outcomes of requests into events: `connected` comes at the first answer and after each bad time. */
export class ConnectionMonitor {
  readonly #listener: ((event: ConnectionEvent) => void) | undefined;
  readonly #logger: Logger | undefined;
  #connected = false;

  constructor(listener: ((event: ConnectionEvent) => void) | undefined, logger: Logger | undefined) {
    this.#listener = listener;
    this.#logger = logger;
  }

  reached(): void {
    if (this.#connected) return;
    this.#connected = true;
    this.#tell({ state: 'connected' });
  }

  retrying(reason: string, retryInMs: number): void {
    this.#connected = false;
    this.#logger?.warn(`trying again in ${retryInMs} ms: ${reason}`);
    this.#tell({ state: 'retrying', reason, retryInMs });
  }

  /** A listener's error is the listener's: it must not fail the request that happened to be under way. */
  #tell(event: ConnectionEvent): void {
    try {
      this.#listener?.(event);
    } catch (error) {
      this.#logger?.warn(`onConnection threw: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
