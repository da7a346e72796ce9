/** Those who wait for an execution, or a devbox, to reach a status. */
export class StatusWaiters<Status> {
  readonly #status: () => Status;
  readonly #waiters = new Set<() => void>();

  constructor(status: () => Status) {
    this.#status = status;
  }

  /** To be called when it has changed. */
  wake(): void {
    for (const waiter of [...this.#waiters]) waiter();
  }

  /**
   * Waits for one of `statuses`.
   *
   * @param timeoutMs how long to wait at most; with `Infinity` there is no timer
   * @param signal ends the wait early, for a client that went away
   * @returns whether it has one of them now
   */
  async wait(statuses: readonly Status[], timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    if (statuses.includes(this.#status())) return true;
    if (timeoutMs <= 0 || signal?.aborted === true) return false;
    return new Promise((resolve) => {
      const settle = () => {
        clearTimeout(timer);
        this.#waiters.delete(check);
        signal?.removeEventListener('abort', settle);
        resolve(statuses.includes(this.#status()));
      };
      const check = () => {
        if (statuses.includes(this.#status())) settle();
      };
      const timer = timeoutMs === Number.POSITIVE_INFINITY ? undefined : setTimeout(settle, timeoutMs);
      this.#waiters.add(check);
      signal?.addEventListener('abort', settle);
    });
  }
}
