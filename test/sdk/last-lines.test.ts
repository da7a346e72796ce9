import { describe, expect, it } from 'vitest';
import { countLines, lastLines } from '../../src/sdk/last-lines.ts';

describe('lastLines', () => {
  it.each([
    ['a\nb\nc\n', 2, 'b\nc'],
    ['a\nb\nc', 2, 'b\nc'],
    ['a\nb\n\n\n', 1, 'b'],
    ['a\n\nb\n', 2, '\nb'],
    ['a\nb', 9, 'a\nb'],
    ['\na', 2, '\na'],
    ['\n\n', 1, ''],
    ['', 3, ''],
    ['a\n', 0, ''],
  ])('of %j, %i', (text, n, expected) => {
    expect(lastLines(text, n)).toBe(expected);
  });
});

describe('countLines', () => {
  it.each([
    ['', 0],
    ['a', 1],
    ['a\n', 1],
    ['a\nb', 2],
    ['\n\n', 2],
  ])('of %j is %i', (text, lines) => {
    expect(countLines(text)).toBe(lines);
  });
});
