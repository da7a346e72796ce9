/** The longest wait that a timer can hold, ms. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

export interface Idler {
  /** When it has been idle for too long, on the clock of `performance.now()`, ms; unset while it is busy. */
  readonly idleUntilMs: number | undefined;
  /** It has been idle for too long. The clock has forgotten it. */
  expire(): void;
}

/**
 * Ends what was idle for too long. One timer for all, for the earliest of them: what is used meanwhile only moves its
 * own end, and the timer finds that out when it fires.
 */
export class IdleClock {
  readonly #idlers = new Set<Idler>();
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;

  /** To be called when it begins to be idle, or its time changed. */
  watch(idler: Idler): void {
    this.#idlers.add(idler);
    this.#arm(idler.idleUntilMs);
  }

  forget(idler: Idler): void {
    this.#idlers.delete(idler);
    if (this.#idlers.size === 0) this.#disarm();
  }

  #arm(untilMs = Number.POSITIVE_INFINITY): void {
    if (untilMs >= this.#timerAtMs) return;
    this.#disarm();
    this.#timerAtMs = untilMs;
    const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(1, Math.ceil(untilMs - performance.now())));
    this.#timer = setTimeout(() => this.#look(), waitMs).unref();
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timerAtMs = Number.POSITIVE_INFINITY;
  }

  #look(): void {
    this.#timerAtMs = Number.POSITIVE_INFINITY;
    const nowMs = performance.now();
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const idler of [...this.#idlers]) {
      const untilMs = idler.idleUntilMs;
      if (untilMs === undefined) continue;
      if (untilMs > nowMs) {
        earliestMs = Math.min(earliestMs, untilMs);
        continue;
      }
      this.#idlers.delete(idler);
      idler.expire();
    }
    if (earliestMs < Number.POSITIVE_INFINITY) this.#arm(earliestMs);
  }
}
