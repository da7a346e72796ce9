export interface Place {
  /** Resolves when all who came before have left. */
  readonly turn: Promise<void>;
  /** Lets the next one in; also for who gives up before its turn. */
  leave(): void;
}

/** First come, first served. */
export class Lane {
  #last: Promise<void> = Promise.resolve();

  /** Takes the next place. It must be left again, whatever happens. */
  enter(): Place {
    const turn = this.#last;
    const { promise: left, resolve: leave } = Promise.withResolvers<void>();
    this.#last = turn.then(() => left);
    return { turn, leave };
  }
}
