import type { ServerResponse } from 'node:http';
import { cutOff, isGone } from './outgoing.ts';

/**
 * Writes a body at the pace of its reader: `write` waits while the connection is full, so a reader that is stuck
 * costs one buffer and slows nobody else.
 */
export class BodyWriter {
  /** Aborted when the client has gone or the body has ended. */
  readonly gone: AbortSignal;
  readonly #outgoing: ServerResponse;
  #isSilent = true;

  constructor(outgoing: ServerResponse, headers: Record<string, string>) {
    const gone = new AbortController();
    this.gone = gone.signal;
    this.#outgoing = outgoing;
    outgoing.once('close', () => gone.abort());
    if (isGone(outgoing)) gone.abort();
    outgoing.writeHead(200, { 'cache-control': 'no-store', ...headers });
    // A client waits for the head before it counts itself connected; output may be minutes away.
    outgoing.flushHeaders();
  }

  /** @param sent called when the system has taken the data: they may change then. Not called once the client has gone. */
  async write(data: string | Uint8Array, sent?: () => void): Promise<void> {
    this.#isSilent = false;
    if (this.gone.aborted || this.#write(data, sent)) return;
    await this.#unlessGone((resolve) => {
      this.#outgoing.once('drain', resolve);
      return () => this.#outgoing.off('drain', resolve);
    });
  }

  /** The same, and waits until the system has taken the data: they may change then. */
  async send(data: Uint8Array): Promise<void> {
    this.#isSilent = false;
    if (this.gone.aborted) return;
    await this.#unlessGone((resolve) => {
      this.#write(data, resolve);
      return () => undefined;
    });
  }

  #write(data: string | Uint8Array, sent?: () => void): boolean {
    return this.#outgoing.write(data, (error) => {
      if (error === null || error === undefined) sent?.();
    });
  }

  /** Resolves when `wait` says so, or the client has gone. */
  async #unlessGone(wait: (resolve: () => void) => () => void): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = wait(resolve);
    const settle = () => resolve();
    this.gone.addEventListener('abort', settle, { once: true });
    await promise;
    this.gone.removeEventListener('abort', settle);
    stop();
  }

  /** Writes if nothing was written since it was last asked to, and the reader is not stuck. */
  writeIfSilent(data: string): void {
    const isIdle = this.#isSilent && !this.#outgoing.writableNeedDrain && !this.#outgoing.writableEnded;
    this.#isSilent = true;
    if (isIdle) this.#outgoing.write(data);
  }

  /** A clean end: the reader may rely on having everything. */
  end(): void {
    this.#outgoing.end();
  }

  /** So that no reader takes what it has for the whole. */
  cut(): void {
    cutOff(this.#outgoing);
  }
}
