/** What a spare FIFO will be used for: a command's output, or its attached stdin. */
export type FifoUse = 'output' | 'input';

const PREFIX: Record<FifoUse, string> = { output: 'f', input: 'i' };

/**
 * Names for a session's FIFOs, `f0`, `i1` …: the smallest free number first, so that the keeper, which holds FIFO n at
 * a descriptor counted from n, stays within its limit of descriptors.
 */
export class FifoNames {
  readonly #used: Map<number, string>;

  /** `names`: those that exist already. */
  constructor(names: readonly string[]) {
    this.#used = new Map(names.map((name) => [fifoNumber(name), name]));
  }

  all(): string[] {
    return [...this.#used.values()];
  }

  take(use: FifoUse): string {
    let number = 0;
    while (this.#used.has(number)) number++;
    const name = PREFIX[use] + number;
    this.#used.set(number, name);
    return name;
  }

  /** The FIFO is no more. */
  free(name: string): void {
    this.#used.delete(fifoNumber(name));
  }
}

export function fifoNumber(name: string): number {
  return Number(name.slice(1));
}

/** Undefined for a name of another file. */
export function fifoUse(name: string): FifoUse | undefined {
  if (!/^[fi]\d+$/.test(name)) return undefined;
  return name.startsWith(PREFIX.output) ? 'output' : 'input';
}
