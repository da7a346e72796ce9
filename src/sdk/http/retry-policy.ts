import type { Failure } from './failure.ts';

export interface RetryQuestion {
  /**
   * `always`: sending the request again is harmless (reads, and a launch that carries its own id).
   * `unsent`: only when provably nothing was sent, or the server itself says that it did nothing.
   */
  readonly repeat: 'always' | 'unsent';
  /** Failures in a row so far, this one included: 1 after the first attempt. */
  readonly failures: number;
  readonly maxRetries: number;
  readonly failure: Failure;
}

/** So many pages of a proxy in a row are taken for a passing trouble. */
const MOST_FOREIGN_ANSWERS = 5;
const BASE_MS = 250;
const CAP_MS = 8000;
/** A server that asks for a longer break is asked again after this one: a wait must show life. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * After which break to try again, ms; undefined: not at all.
 *
 * Order of authority: the server's `x-should-retry`, then what is safe, then the count. The server's
 * `retry-after(-ms)` wins over our own back-off, which has full jitter so that clients do not come back in step.
 *
 * @param random in [0, 1)
 */
export function retryAfter(question: RetryQuestion, random: () => number = Math.random): number | undefined {
  if (question.failures > question.maxRetries || !mayRepeat(question)) return undefined;
  const { failure } = question;
  if (failure.failed === 'refused' && failure.retryAfterMs !== undefined) {
    return Math.min(failure.retryAfterMs, LONGEST_RETRY_AFTER_MS);
  }
  return backOff(question.failures, random);
}

/** The n-th break of a series, ms: full jitter under a doubling cap. */
export function backOff(n: number, random: () => number = Math.random): number {
  return Math.round(random() * Math.min(CAP_MS, BASE_MS * 2 ** (n - 1)));
}

function mayRepeat({ repeat, failures, failure }: RetryQuestion): boolean {
  switch (failure.failed) {
    case 'not_sent':
      return !failure.permanent;
    case 'broken':
      return repeat === 'always';
    case 'unreadable':
      // Of a wrong address too, so not for ever.
      return repeat === 'always' && failure.foreign === true && failures <= MOST_FOREIGN_ANSWERS;
    case 'refused':
      if (failure.shouldRetry !== undefined) return failure.shouldRetry;
      // 429 turns a request away before anything was done. A 5xx or 408 may come from a proxy whose upstream did it.
      if (failure.status === 429) return true;
      return repeat === 'always' && (failure.status === 408 || failure.status >= 500);
  }
}
