import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { fitText, fitTextEnd } from '../../../src/repl/output/fit-text.ts';

describe('fitText', () => {
  it.each([
    ['abc', 3, 'abc', 'abc'],
    ['abcd', 3, 'ab…', '…cd'],
    ['abcd', 1, '…', '…'],
    ['abcd', 0, '', ''],
    ['', 3, '', ''],
    ['日本語', 6, '日本語', '日本語'],
    ['日本語', 5, '日本…', '…本語'],
    ['日本語', 4, '日…', '…語'],
    ['a👩‍👩‍👧b', 4, 'a👩‍👩‍👧b', 'a👩‍👩‍👧b'],
    ['a👩‍👩‍👧b', 3, 'a…', '…b'],
    ['e\u0301e\u0301', 1, '…', '…'],
    ['e\u0301e\u0301', 2, 'e\u0301e\u0301', 'e\u0301e\u0301'],
  ])('%j in %i cells', (text, cells, head, tail) => {
    expect(fitText(text, cells)).toBe(head);
    expect(fitTextEnd(text, cells)).toBe(tail);
  });

  it('never takes more cells than given, and keeps what fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat({ max: 20 }), (text, cells) => {
        for (const fitted of [fitText(text, cells), fitTextEnd(text, cells)]) {
          expect(stringWidth(fitted)).toBeLessThanOrEqual(cells);
          if (cells > 0 && stringWidth(text) <= cells) expect(fitted).toBe(text);
        }
      }),
    );
  });

  it('bounds marks that are piled up without end', () => {
    const piled = `e${'\u0301'.repeat(1_000_000)}`;
    expect(fitText(piled, 10).length).toBeLessThan(200);
    expect(fitTextEnd(piled, 10).length).toBeLessThan(200);
  });
});
