import type { IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';
import type { TestDevbox } from '../../helpers/devbox-server.ts';
import { open } from './raw-client.ts';

/** Reads a live body as it comes. */
export class BodyReader {
  readonly incoming: IncomingMessage;
  /** Resolves when the body has ended, with whether that was a clean end. */
  readonly ended: Promise<boolean>;
  #bytes = Buffer.alloc(0);
  #wake = Promise.withResolvers<void>();

  static async open(devbox: TestDevbox, path: string): Promise<BodyReader> {
    return new BodyReader(await open(devbox, { method: 'GET', path }));
  }

  constructor(incoming: IncomingMessage) {
    this.incoming = incoming;
    onTestFinished(() => void incoming.destroy());
    this.ended = new Promise((resolve) => incoming.once('close', () => resolve(incoming.complete)));
    incoming.on('data', (bytes: Uint8Array) => {
      this.#bytes = Buffer.concat([this.#bytes, bytes]);
      this.#wake.resolve();
      this.#wake = Promise.withResolvers();
    });
  }

  /** All bytes so far, when there are at least `count`. */
  async atLeast(count: number): Promise<Buffer> {
    while (this.#bytes.length < count) await this.#wake.promise;
    return this.#bytes;
  }
}
