import { basename } from 'node:path';
import { type FifoNames, type FifoUse, fifoUse } from './fifo-names.ts';
import { makeFifos } from './make-fifos.ts';

export type FifoNeed = Record<FifoUse, number>;

/** For one command: stdout, stderr and an attached stdin. */
const KEPT: FifoNeed = { output: 2, input: 1 };

export interface SpareFifosOptions {
  dir: string;
  names: FifoNames;
  /** Paths of the spares that are there already. */
  paths: readonly string[];
  /** Resolves when the keeper has the named FIFOs open: none may be used before. */
  hold: (names: readonly string[]) => Promise<void>;
}

/** Fresh FIFOs kept ready, so that creating one is off a command's path. */
export class SpareFifos {
  readonly #options: SpareFifosOptions;
  readonly #paths: Record<FifoUse, string[]> = { output: [], input: [] };
  #refill: Promise<void> | undefined;

  constructor(options: SpareFifosOptions) {
    this.#options = options;
    this.#add(options.paths);
  }

  has(need: FifoNeed): boolean {
    return this.#paths.output.length >= need.output && this.#paths.input.length >= need.input;
  }

  /**
   * Takes one; only after `has` or `ready` said so.
   *
   * @param open what is made of its path; when that throws, the spare stays one
   */
  use<T>(use: FifoUse, open: (path: string) => T): T {
    const path = this.#paths[use][0];
    if (path === undefined) throw new Error('No spare FIFO is ready.');
    const opened = open(path);
    this.#paths[use].shift();
    // A failure here is met again, and reported, by the command that needs the spare.
    this.ready(KEPT).catch(() => {});
    return opened;
  }

  /** A FIFO that was taken is removed: its name can be used again. */
  gone(path: string): void {
    this.#options.names.free(basename(path));
  }

  /** @throws Error when FIFOs cannot be created (disk full, folder gone). */
  async ready(need: FifoNeed): Promise<void> {
    while (!this.has(need)) {
      this.#refill ??= this.#make().finally(() => {
        this.#refill = undefined;
      });
      await this.#refill;
    }
  }

  async #make(): Promise<void> {
    const { dir, names, hold } = this.#options;
    const fresh = (['output', 'input'] as const).flatMap((use) =>
      Array.from({ length: KEPT[use] - this.#paths[use].length }, () => names.take(use)),
    );
    try {
      const paths = await makeFifos(dir, fresh);
      await hold(fresh);
      this.#add(paths);
    } catch (error) {
      for (const name of fresh) names.free(name);
      throw error;
    }
  }

  #add(paths: readonly string[]): void {
    for (const path of paths) this.#paths[fifoUse(basename(path)) ?? 'output'].push(path);
  }
}
