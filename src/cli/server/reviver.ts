/**
 * Starts the local devbox again when its server died under the REPL: shells that still live are taken over by the new
 * one. After `nsh stop` it is left alone until a line is sent, for that is what was asked.
 */
export class Reviver {
  readonly #start: () => Promise<unknown>;
  readonly #onProblem: (message: string) => void;
  #starting: Promise<void> | undefined;
  #stopped = false;

  /** @param onProblem told why the server cannot be started, each time that it was tried */
  constructor(start: () => Promise<unknown>, onProblem: (message: string) => void) {
    this.#start = start;
    this.#onProblem = onProblem;
  }

  /** The server said that it ends. */
  stopped(): void {
    this.#stopped = true;
  }

  /** The connection broke. */
  lost(): void {
    if (!this.#stopped) void this.revive();
  }

  /** Never rejects: what keeps the server from starting is told, and the connection is tried again anyway. */
  revive(): Promise<void> {
    this.#starting ??= this.#start()
      .then(
        () => {
          this.#stopped = false;
        },
        (error: unknown) => this.#onProblem(error instanceof Error ? error.message : String(error)),
      )
      .finally(() => {
        this.#starting = undefined;
      });
    return this.#starting;
  }
}
