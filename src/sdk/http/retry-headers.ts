/** The longest `retry-after` that is taken for one, ms: what is beyond is a broken clock or header. */
const LONGEST_MS = 24 * 60 * 60 * 1000;

/**
 * What an answer says about trying again.
 *
 * @param header reads a header by its lower-case name
 * @param now Unix time, ms
 */
export function retryHeaders(
  header: (name: string) => string | undefined,
  now: number = Date.now(),
): { retryAfterMs: number | undefined; shouldRetry: boolean | undefined } {
  const should = header('x-should-retry');
  return {
    retryAfterMs: milliseconds(header('retry-after-ms')) ?? fromRetryAfter(header('retry-after'), now),
    shouldRetry: should === 'true' ? true : should === 'false' ? false : undefined,
  };
}

/** `retry-after` is a number of seconds or an HTTP date. */
function fromRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const seconds = Number(value);
  if (value.trim() !== '' && Number.isFinite(seconds)) return inRange(seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : inRange(Math.max(0, date - now));
}

function milliseconds(value: string | undefined): number | undefined {
  return value === undefined || value.trim() === '' ? undefined : inRange(Number(value));
}

function inRange(ms: number): number | undefined {
  return ms >= 0 && ms <= LONGEST_MS ? Math.ceil(ms) : undefined;
}
