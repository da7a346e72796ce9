/**
 * How often a silent stream shows that it lives, ms: well below what proxies take for dead, and often enough that a REPL says
 * soon that the server does not answer. Told in `GET /nsh/v1/server`.
 */
export const HEARTBEAT_MS = 5_000;

/** Calls all who live every so often. One timer for any number of them, none while there are none. */
export class Heartbeat {
  readonly #everyMs: number;
  readonly #beats = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** @param signal ends the calls */
  during(signal: AbortSignal, beat: () => void): void {
    if (signal.aborted) return;
    this.#beats.add(beat);
    this.#timer ??= setInterval(() => this.#beat(), this.#everyMs).unref();
    signal.addEventListener('abort', () => this.#forget(beat), { once: true });
  }

  #beat(): void {
    for (const beat of this.#beats) beat();
  }

  #forget(beat: () => void): void {
    this.#beats.delete(beat);
    if (this.#beats.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/** For all streams of server-sent events of this process. */
export const heartbeat = new Heartbeat(HEARTBEAT_MS);
