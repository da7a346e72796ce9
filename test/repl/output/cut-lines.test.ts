import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { cutLines } from '../../../src/repl/output/cut-lines.ts';

const SEED = Number(process.env.NSH_SEED ?? 7);
const unstyled = (text: string) => text.replaceAll(/\x1b\[[\d;]*m/g, '');

test.each([
  ['fits as it is', 'fits as it is', 13],
  ['one more than fits', 'one more than fi…', 17],
  ['\x1b[31mred and long\x1b[0m', '\x1b[31mred…\x1b[0m', 4],
  ['日本語', '日…', 4],
  ['日本語', '日本語', 6],
  ['a\tb', 'a…', 8],
  ['a\tb', 'a\tb', 9],
  ['short\n\nalso much longer\n', 'short\n\nalso mu…\n', 8],
])('%j is %j in %d cells', (line, cut, cells) => {
  expect(cutLines(line, cells)).toBe(cut);
});

test('nothing is wider than it may be, and what is shown is the beginning', () => {
  const unit = fc.constantFrom('a', ' ', 'é', '日', '😀', 'e\u0301', '\x1b[1;31m', '\x1b[0m');
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 60 }), fc.integer({ min: 2, max: 30 }), (line, cells) => {
      const cut = unstyled(cutLines(line, cells));
      expect(stringWidth(cut)).toBeLessThanOrEqual(cells);
      const whole = unstyled(line);
      if (cut !== whole) {
        expect(whole.startsWith(cut.slice(0, -1))).toBe(true);
        expect(stringWidth(whole)).toBeGreaterThan(cells);
      }
    }),
    { seed: SEED, numRuns: 500 },
  );
});
