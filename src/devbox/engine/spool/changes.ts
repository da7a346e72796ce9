/** Tells those who wait that something has changed; who waits anew waits for the next change. */
export class Changes {
  #change = Promise.withResolvers<void>();

  tell(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }

  /** @throws the signal's reason when it is aborted. */
  next(signal?: AbortSignal): Promise<void> {
    if (!signal) return this.#change.promise;
    if (signal.aborted) return Promise.reject(signal.reason);
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    return Promise.race([this.#change.promise, aborted.promise]).finally(() =>
      signal.removeEventListener('abort', abort),
    );
  }
}
