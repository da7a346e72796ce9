/** One measured value, and what it should be. */
export interface Finding {
  readonly name: string;
  /** With its unit. */
  readonly value: string;
  /** What it is held against; unset for what is told for its own sake. */
  readonly target?: { readonly text: string; readonly met: boolean };
}

export function print({ name, value, target }: Finding): void {
  const verdict = target === undefined ? '' : `   target ${target.text}: ${target.met ? 'met' : 'MISSED'}`;
  console.log(`${name.padEnd(58)} ${value.padStart(12)}${verdict}`);
}

export function atMost(limit: number, value: number): NonNullable<Finding['target']> {
  return { text: `at most ${limit}`, met: value <= limit };
}

export function atLeast(limit: number, value: number): NonNullable<Finding['target']> {
  return { text: `at least ${limit}`, met: value >= limit };
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** @returns ms */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/**
 * The calls follow each other; those that warm up do not count.
 *
 * @returns the median duration of one, µs
 */
export async function medianOfCalls(
  call: () => Promise<unknown>,
  counts: { readonly warmUp: number; readonly calls: number },
): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < counts.warmUp + counts.calls; index++) {
    const ms = await timed(call);
    if (index >= counts.warmUp) times.push(ms * 1000);
  }
  return median(times);
}
