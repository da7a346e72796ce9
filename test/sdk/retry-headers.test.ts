import { describe, expect, it } from 'vitest';
import { retryHeaders } from '../../src/sdk/http/retry-headers.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const read = (headers: Record<string, string>) => retryHeaders((name) => headers[name], NOW);

describe('retryHeaders', () => {
  it.each([
    ['seconds', { 'retry-after': '2' }, 2000],
    ['part of a second', { 'retry-after': '0.25' }, 250],
    ['a date', { 'retry-after': 'Thu, 01 Jan 2026 00:00:07 GMT' }, 7000],
    ['a date that has passed', { 'retry-after': 'Wed, 31 Dec 2025 23:59:00 GMT' }, 0],
    ['milliseconds before seconds', { 'retry-after': '9', 'retry-after-ms': '40' }, 40],
    ['nothing', {}, undefined],
    ['no number and no date', { 'retry-after': 'soon' }, undefined],
    ['an empty value', { 'retry-after': '', 'retry-after-ms': '' }, undefined],
    ['less than nothing', { 'retry-after': '-1' }, undefined],
    ['a year', { 'retry-after': '31536000' }, undefined],
  ])('takes retry-after as %s', (_name, headers, expected) => {
    expect(read(headers).retryAfterMs).toBe(expected);
  });

  it.each([
    ['true', true],
    ['false', false],
    ['perhaps', undefined],
  ])('takes x-should-retry: %s', (value, expected) => {
    expect(read({ 'x-should-retry': value }).shouldRetry).toBe(expected);
  });
});
