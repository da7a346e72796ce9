/** What one of several sources gave. */
export interface Merged<K, T> {
  readonly key: K;
  readonly result: IteratorResult<T, unknown>;
}

/**
 * What several sources give, in the order of its arrival; of each no more than one thing is fetched ahead. The end of
 * a source comes as its last result. Leaving the loop does not end what sources wait for: that is the caller's signal.
 *
 * Not Promise.race over the sources: each race would leave a reaction on the promise of one that is silent.
 */
export async function* merge<K, T>(sources: ReadonlyMap<K, AsyncIterator<T>>): AsyncGenerator<Merged<K, T>> {
  const arrived: (() => Merged<K, T>)[] = [];
  let wake: () => void = () => undefined;
  const fetch = (key: K) => {
    const arrive = (arrival: () => Merged<K, T>) => {
      arrived.push(arrival);
      wake();
    };
    sources
      .get(key)
      ?.next()
      .then(
        (result) => arrive(() => ({ key, result })),
        (error: unknown) =>
          arrive(() => {
            throw error;
          }),
      );
  };
  for (const key of sources.keys()) fetch(key);
  for (let open = sources.size; open > 0; ) {
    const arrival = arrived.shift();
    if (arrival === undefined) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      continue;
    }
    const merged = arrival();
    yield merged;
    if (merged.result.done) open -= 1;
    else fetch(merged.key);
  }
}
