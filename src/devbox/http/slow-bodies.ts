import type { IncomingMessage, ServerResponse } from 'node:http';
import { bytesReceived } from './connection-of.ts';
import { cutOff, isGone } from './outgoing.ts';

export interface BodyPace {
  /** What a body may take in any case, ms. */
  readonly graceMs: number;
  /** How much more time each byte gives: a large file over a thin line is nobody's attack. */
  readonly bytesPerSecond: number;
  readonly lookEveryMs: number;
}

const PACE: BodyPace = { graceMs: 20_000, bytesPerSecond: 1_024, lookEveryMs: 2_000 };

interface Arriving {
  readonly response: ServerResponse;
  readonly startedMs: number;
  readonly receivedBefore: number;
}

/**
 * Cuts off clients that send the body of a request too slowly. What a request is answered with may take as long as it likes: its
 * body has come by then. One timer for all, none while no body is on its way.
 */
export class SlowBodies {
  readonly #pace: BodyPace;
  readonly #arriving = new Map<IncomingMessage, Arriving>();
  #timer: NodeJS.Timeout | undefined;

  constructor(pace: BodyPace = PACE) {
    this.#pace = pace;
  }

  watch(request: IncomingMessage, response: ServerResponse): void {
    if (request.complete) return;
    this.#arriving.set(request, {
      response,
      startedMs: performance.now(),
      receivedBefore: bytesReceived(request),
    });
    request.once('close', () => this.#arriving.delete(request));
    this.#timer ??= setInterval(() => this.#look(), this.#pace.lookEveryMs).unref();
  }

  #look(): void {
    for (const [request, arriving] of this.#arriving) {
      if (request.complete) this.#arriving.delete(request);
      else if (this.#isTooSlow(request, arriving)) this.#cut(request, arriving.response);
    }
    if (this.#arriving.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #isTooSlow(request: IncomingMessage, { startedMs, receivedBefore }: Arriving): boolean {
    const { graceMs, bytesPerSecond } = this.#pace;
    const received = bytesReceived(request) - receivedBefore;
    return performance.now() - startedMs > graceMs + (received / bytesPerSecond) * 1000;
  }

  #cut(request: IncomingMessage, response: ServerResponse): void {
    this.#arriving.delete(request);
    if (isGone(response) || response.writableEnded) request.destroy();
    else cutOff(response);
  }
}
