import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  borderFrom,
  borderUpTo,
  isGraphemeBorder,
  nextBorder,
  previousBorder,
} from '../../../src/repl/editor/graphemes.ts';
import { allBorders, nastyText } from './nasty-text.ts';

test('borders found around an index are those of the whole text', () => {
  fc.assert(
    fc.property(nastyText, (raw) => {
      const text = raw.toWellFormed();
      const borders = allBorders(text);
      for (let index = 0; index <= text.length; index += 1) {
        const from = borders.find((border) => border >= index) ?? text.length;
        const upTo = borders.findLast((border) => border <= index) ?? 0;
        expect(isGraphemeBorder(text, index)).toBe(borders.includes(index));
        expect(borderFrom(text, index)).toBe(from);
        expect(borderUpTo(text, index)).toBe(upTo);
      }
      for (const [place, border] of borders.entries()) {
        expect(nextBorder(text, border)).toBe(borders[place + 1] ?? text.length);
        expect(previousBorder(text, border)).toBe(borders[place - 1] ?? 0);
      }
    }),
    { numRuns: 400 },
  );
});

test.each([-1, 5])('an index outside the text is no border: %i', (index) => {
  expect(isGraphemeBorder('abcd', index)).toBe(false);
});
