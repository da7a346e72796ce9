import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { fitRanges } from '../../../src/repl/output/fit-ranges.ts';

const shown = (text: string, ranges: [number, number][], cells: number) =>
  fitRanges(
    text,
    ranges.map(([start, end]) => ({ start, end })),
    cells,
  )
    .map(({ text: piece, marked }) => (marked ? `[${piece}]` : piece))
    .join('');

it('marks the ranges, cuts the end, and the beginning when the first range would not be seen', () => {
  expect(shown('make test', [[5, 9]], 20)).toBe('make [test]');
  expect(shown('make test', [[0, 4]], 6)).toBe('[make] …');
  expect(shown('make test', [[5, 9]], 7)).toBe('…e [test]');
  expect(shown('make test', [], 9)).toBe('make test');
  const long = `${'x'.repeat(50)}needle${'y'.repeat(50)}`;
  expect(shown(long, [[50, 56]], 20)).toBe('…xxxxxx[needle]yyyyyy…');
});

it('is never wider than asked and loses nothing without a …', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '表', '😀', ' ') });
  fc.assert(
    fc.property(
      text,
      fc.array(fc.nat(40), { maxLength: 6 }),
      fc.integer({ min: 2, max: 30 }),
      (line, cuts, cells) => {
        const borders = [0];
        for (const one of line) borders.push((borders.at(-1) ?? 0) + one.length);
        const at = [...new Set(cuts.map((cut) => borders[cut % borders.length] ?? 0))].sort((a, b) => a - b);
        const ranges = at.flatMap((start, index) =>
          index % 2 === 0 && at[index + 1] !== undefined ? [{ start, end: at[index + 1] ?? 0 }] : [],
        );
        const joined = fitRanges(line, ranges, cells)
          .map((piece) => piece.text)
          .join('');
        expect(stringWidth(joined)).toBeLessThanOrEqual(cells);
        if (!joined.includes('…')) expect(joined).toBe(line);
      },
    ),
  );
});
