/** How long growth is gathered before it is told, ms. */
const GATHER_MS = 100;

/**
 * Tells of things that grow at most every `GATHER_MS`, each once. One timer for all, and only while something grows.
 */
export class GrowthThrottle<T> {
  readonly #tell: (grown: T) => void;
  readonly #grown = new Set<T>();
  #timer: NodeJS.Timeout | undefined;

  constructor(tell: (grown: T) => void) {
    this.#tell = tell;
  }

  grew(thing: T): void {
    this.#grown.add(thing);
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS).unref();
  }

  /** Its growth is told another way. */
  forget(thing: T): void {
    this.#grown.delete(thing);
  }

  #flush(): void {
    this.#timer = undefined;
    const grown = [...this.#grown];
    this.#grown.clear();
    for (const thing of grown) this.#tell(thing);
  }
}
