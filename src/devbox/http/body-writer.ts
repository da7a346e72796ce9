import type { ServerResponse } from 'node:http';

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
    if (outgoing.destroyed) gone.abort();
    outgoing.writeHead(200, { 'cache-control': 'no-store', ...headers });
    // A client waits for the head before it counts itself connected; output may be minutes away.
    outgoing.flushHeaders();
  }

  async write(data: string | Uint8Array): Promise<void> {
    this.#isSilent = false;
    if (this.gone.aborted || this.#outgoing.write(data)) return;
    await new Promise<void>((resolve) => {
      const settle = () => {
        this.#outgoing.off('drain', settle);
        this.gone.removeEventListener('abort', settle);
        resolve();
      };
      this.#outgoing.once('drain', settle);
      this.gone.addEventListener('abort', settle, { once: true });
    });
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

  /** Cuts the connection, so that no reader takes what it has for the whole. */
  cut(): void {
    this.#outgoing.destroy();
  }
}
