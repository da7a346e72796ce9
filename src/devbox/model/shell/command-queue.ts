interface Link<T> {
  readonly value: T;
  before: Link<T> | undefined;
  after: Link<T> | undefined;
}

/**
 * What waits, in order. Every change is O(1), also a removal from the middle: with an array, thousands of waiting
 * commands that are cancelled one by one would cost their square.
 */
export class CommandQueue<T> {
  readonly #links = new Map<T, Link<T>>();
  #first: Link<T> | undefined;
  #last: Link<T> | undefined;

  get size(): number {
    return this.#links.size;
  }
  get first(): T | undefined {
    return this.#first?.value;
  }

  push(value: T): void {
    const link: Link<T> = { value, before: this.#last, after: undefined };
    if (this.#last === undefined) this.#first = link;
    else this.#last.after = link;
    this.#last = link;
    this.#links.set(value, link);
  }

  /** @returns whether it was there */
  delete(value: T): boolean {
    const link = this.#links.get(value);
    if (link === undefined) return false;
    if (link.before === undefined) this.#first = link.after;
    else link.before.after = link.after;
    if (link.after === undefined) this.#last = link.before;
    else link.after.before = link.before;
    return this.#links.delete(value);
  }

  *[Symbol.iterator](): Generator<T, void> {
    for (let link = this.#first; link !== undefined; link = link.after) yield link.value;
  }
}
