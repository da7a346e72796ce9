import { describe, expect, it } from 'vitest';
import type { Failure } from '../../src/sdk/http/failure.ts';
import { backOff, retryAfter } from '../../src/sdk/http/retry-policy.ts';

const cause = new Error('x');
const notSent: Failure = { failed: 'not_sent', cause, permanent: false };
const badCertificate: Failure = { failed: 'not_sent', cause, permanent: true };
const broken: Failure = { failed: 'broken', cause, timedOut: false };
const unreadable: Failure = { failed: 'unreadable', cause, message: 'x' };
const refused = (status: number, more: object = {}): Failure => ({
  failed: 'refused',
  status,
  message: 'x',
  ...more,
});

/** With `random` at its top, the first break is 250 ms. */
const top = () => 1;
const ask = (repeat: 'always' | 'unsent', failure: Failure, failures = 1) =>
  retryAfter({ repeat, failures, maxRetries: 5, failure }, top);

describe('retryAfter', () => {
  // what failed | safe to repeat | only when provably not done
  const table: [string, Failure, number | undefined, number | undefined][] = [
    ['connection refused, name not found', notSent, 250, 250],
    ['a certificate that does not fit', badCertificate, undefined, undefined],
    ['connection broke after sending', broken, 250, undefined],
    ['an answer that is not of the contract', unreadable, undefined, undefined],
    ["an answer that is no JSON, a proxy's page", { ...unreadable, foreign: true }, 250, undefined],
    ['400', refused(400), undefined, undefined],
    ['401', refused(401), undefined, undefined],
    ['404', refused(404), undefined, undefined],
    ['408', refused(408), 250, undefined],
    ['409', refused(409), undefined, undefined],
    ['429', refused(429), 250, 250],
    ['429 with retry-after', refused(429, { retryAfterMs: 1700 }), 1700, 1700],
    ['429 with a retry-after of an hour', refused(429, { retryAfterMs: 3_600_000 }), 60_000, 60_000],
    ['500', refused(500), 250, undefined],
    ['502', refused(502), 250, undefined],
    ['503 with retry-after', refused(503, { retryAfterMs: 10 }), 10, undefined],
    ['503 that says: do not', refused(503, { shouldRetry: false }), undefined, undefined],
    ['409 that says: do', refused(409, { shouldRetry: true }), 250, 250],
    ['429 that says: do not', refused(429, { shouldRetry: false }), undefined, undefined],
  ];
  it.each(table)('%s', (_name, failure, always, unsent) => {
    expect(ask('always', failure)).toBe(always);
    expect(ask('unsent', failure)).toBe(unsent);
  });

  it('ends with the count of retries, however safe', () => {
    expect(ask('always', notSent, 5)).toBe(4000);
    expect(ask('always', notSent, 6)).toBeUndefined();
    expect(ask('always', refused(503, { shouldRetry: true }), 6)).toBeUndefined();
  });
});

describe('backOff', () => {
  it('doubles its cap up to 8 s', () => {
    const caps = [1, 2, 3, 4, 5, 6, 7, 50].map((n) => backOff(n, top));
    expect(caps).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
  });

  it('has full jitter: anything from nothing to the cap', () => {
    expect(backOff(4, () => 0)).toBe(0);
    expect(backOff(4, () => 0.5)).toBe(1000);
  });
});
