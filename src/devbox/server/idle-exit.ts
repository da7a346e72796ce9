export interface IdleExitOptions {
  readonly afterMs: number;
  /** Whether something is alive that the server must not end under. */
  readonly isBusy: () => boolean;
  readonly exit: () => void;
}

/** Ends the server when it has not been busy, nor `touch`ed, for `afterMs`. */
export class IdleExit {
  readonly #options: IdleExitOptions;
  #lastUseMs = performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: IdleExitOptions) {
    this.#options = options;
    this.#arm(options.afterMs);
  }

  /** Something was used, or has just ended. Costs next to nothing: called for every request. */
  touch(): void {
    this.#lastUseMs = performance.now();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #arm(ms: number): void {
    this.#timer = setTimeout(() => this.#check(), ms);
  }

  #check(): void {
    const { afterMs, isBusy, exit } = this.#options;
    if (isBusy()) {
      // Whatever ends calls `touch`, so the next look is soon enough.
      this.#arm(afterMs);
      return;
    }
    const leftMs = this.#lastUseMs + afterMs - performance.now();
    if (leftMs <= 0) exit();
    else this.#arm(Math.ceil(leftMs));
  }
}
