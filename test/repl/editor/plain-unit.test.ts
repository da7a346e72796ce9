import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { plainWidth, surelyBorder } from '../../../src/repl/editor/plain-unit.ts';

const plain = Array.from({ length: 0x10000 }, (_, unit) => unit).filter((unit) => plainWidth(unit) > 0);
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const clusters = (text: string) => [...segmenter.segment(text)].map(({ segment }) => segment);

test('a plain unit has the width that string-width gives it', () => {
  expect(plain.length).toBeGreaterThan(35_000);
  const wrong = plain.filter((unit) => stringWidth(String.fromCharCode(unit)) !== plainWidth(unit));
  expect(wrong.map((unit) => unit.toString(16))).toEqual([]);
});

test('a plain unit is a grapheme of its own between any other plain units', () => {
  const neighbours = ['a', ' ', '\n', '\t', 'é', 'Ω', 'я', 'か', 'カ', '語', '가', '각', '\u0000'];
  const merged = plain.filter((unit) => {
    const character = String.fromCharCode(unit);
    const text = neighbours.map((neighbour) => neighbour + character).join('');
    return clusters(text).length !== text.length;
  });
  expect(merged.map((unit) => unit.toString(16))).toEqual([]);
});

test.each([
  ['a\u0301', 1, false],
  ['\r\n', 1, false],
  ['👍🏽', 2, false],
  ['ab', 1, true],
  ['a\n', 1, true],
  ['語語', 1, true],
])('border in %j at %i: %s', (text, index, expected) => {
  expect(surelyBorder(text, index)).toBe(expected);
});
