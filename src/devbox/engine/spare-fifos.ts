import { makeFifos } from './make-fifos.ts';

/** For one command: stdout, stderr and an attached stdin. */
const KEPT = 3;

/** Fresh FIFOs kept ready, so that creating one is off a command's path. */
export class SpareFifos {
  readonly #dir: string;
  #next: number;
  readonly #paths: string[];
  #refill: Promise<void> | undefined;

  /** `first`: the number of the first name to make. `paths`: the spares that are there already. */
  constructor(dir: string, first: number, paths: readonly string[]) {
    this.#dir = dir;
    this.#next = first;
    this.#paths = [...paths];
  }

  has(count: number): boolean {
    return this.#paths.length >= count;
  }

  /** A path; only after `has` or `ready` said so. */
  take(): string {
    const path = this.#paths.shift();
    if (path === undefined) throw new Error('No spare FIFO is ready.');
    // A failure here is met again, and reported, by the command that needs the spare.
    this.ready(KEPT).catch(() => {});
    return path;
  }

  /** @throws Error when FIFOs cannot be created (disk full, folder gone). */
  async ready(count: number): Promise<void> {
    while (!this.has(count)) {
      this.#refill ??= this.#make().finally(() => {
        this.#refill = undefined;
      });
      await this.#refill;
    }
  }

  async #make(): Promise<void> {
    const names = Array.from({ length: KEPT }, () => `f${this.#next++}`);
    this.#paths.push(...(await makeFifos(this.#dir, names)));
  }
}
