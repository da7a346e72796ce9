import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { createBuffer } from '../../../src/repl/editor/edit-buffer.ts';
import { type EditorLayout, type LayoutOptions, layOut } from '../../../src/repl/editor/layout.ts';
import { nastyText } from './nasty-text.ts';

const options: LayoutOptions = {
  width: 10,
  maxRows: 100,
  prompt: '$ ',
  continuation: '> ',
  more: { above: '^ ', below: 'v ' },
};

function layOutAt(marked: string, changed: Partial<LayoutOptions> = {}): EditorLayout {
  const buffer = createBuffer(marked.replace('|', ''), marked.indexOf('|'));
  return layOut(buffer, { ...options, ...changed });
}

const rowText = (row: EditorLayout['rows'][number] | undefined) =>
  row?.pieces.map(({ text }) => text).join('');
const screen = (layout: EditorLayout) => layout.rows.map((row) => row.prefix + rowText(row));
const cursor = (layout: EditorLayout) => [layout.cursorRow, layout.cursorColumn];

describe('rows and cursor', () => {
  test.each<[string, string[], [number, number]]>([
    ['|', ['$ '], [0, 2]],
    ['ls|', ['$ ls'], [0, 4]],
    ['l|s', ['$ ls'], [0, 3]],
    ['1234567|', ['$ 1234567'], [0, 9]],
    ['12345678|', ['$ 12345678', '> '], [1, 2]],
    ['|12345678', ['$ 12345678'], [0, 2]],
    ['12345678|9', ['$ 12345678', '> 9'], [1, 2]],
    ['a\n|b', ['$ a', '> b'], [1, 2]],
    ['a\n\nb|', ['$ a', '> ', '> b'], [2, 3]],
    ['a\n|', ['$ a', '> '], [1, 2]],
    ['語語|', ['$ 語語'], [0, 6]],
    ['語語語語|', ['$ 語語語語', '> '], [1, 2]],
    ['x語語語語|', ['$ x語語語', '> 語'], [1, 4]],
    ['e\u0301|x', ['$ e\u0301x'], [0, 3]],
    ['👨‍👩‍👧|', ['$ 👨‍👩‍👧'], [0, 4]],
    ['a\tb|', ['$ a       ', '> b'], [1, 3]],
    ['\t|', ['$         ', '> '], [1, 2]],
    ['12345678a\tb|', ['$ 12345678', '> a       ', '> b'], [2, 3]],
    ['\u0003|\u001b\u0000', ['$ ^C^[^@'], [0, 4]],
    ['\u007f|', ['$ ^?'], [0, 4]],
    ['\u202e|', ['$ <U+202E>', '> '], [1, 2]],
    ['a\u200bb|', ['$ a', '> <U+200B>', '> b'], [2, 3]],
  ])('%j', (marked, rows, at) => {
    const layout = layOutAt(marked);
    expect(screen(layout)).toEqual(rows);
    expect(cursor(layout)).toEqual(at);
  });

  test.each([
    ['a bidi control', 'a\u202eb', 'a<U+202E>b'],
    ['a C1 control', '\u0085', '<U+0085>'],
    ['a tag hidden behind a letter', 'a\u{E0041}\u{E0042}', 'a<U+E0041><U+E0042>'],
    ['a mark without a letter', '\n\u0301', '<U+0301>'],
    [
      'a flag made of tags',
      '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}',
      '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}',
    ],
  ])('%s', (_what, text, expected) => {
    expect(rowText(layOut(createBuffer(text), { ...options, width: 80 }).rows.at(-1))).toBe(expected);
  });

  test('a screen too narrow for the prefixes shows the text alone', () => {
    expect(screen(layOutAt('abcdef|', { width: 5 }))).toEqual(['abcde', 'f']);
    expect(screen(layOutAt('語|', { width: 1 }))).toEqual(['…', '']);
    expect(screen(layOutAt('a|', { width: 0 }))).toEqual(['a', '']);
  });
});

describe('window', () => {
  const lines = Array.from({ length: 100 }, (_, index) => `line${index}`);
  const at = (line: number) =>
    [...lines.slice(0, line), `|${lines[line]}`, ...lines.slice(line + 1)].join('\n');

  test.each<[number, number, number, number]>([
    [0, 0, 0, 95],
    [1, 1, 0, 95],
    [50, 2, 48, 47],
    [98, 3, 95, 0],
    [99, 4, 95, 0],
  ])('cursor in line %i of 100', (line, cursorRow, above, below) => {
    const layout = layOutAt(at(line), { maxRows: 5 });
    expect(layout.rows).toHaveLength(5);
    expect(rowText(layout.rows[cursorRow])).toBe(`line${line}`);
    expect(layout.cursorRow).toBe(cursorRow);
    expect(layout.above).toBe(above > 0);
    expect(layout.below).toBe(below > 0);
  });

  test('rows hidden inside one long line are told too', () => {
    const layout = layOutAt(`${'a'.repeat(80)}|${'b'.repeat(80)}`, { maxRows: 3 });
    expect(layout.rows).toHaveLength(3);
    expect(layout.above).toBe(true);
    expect(layout.below).toBe(true);
  });

  test('one row shows the row of the cursor', () => {
    const layout = layOutAt(at(50), { maxRows: 1 });
    expect(screen(layout)).toEqual(['^ line50']);
    expect(cursor(layout)).toEqual([0, 2]);
  });
});

describe('any text', () => {
  const anyWidth = fc.integer({ min: 1, max: 20 });

  // In rows of a few cells a line of some hundred characters is very long already, and laid out in parts.
  const longText = fc.array(nastyText, { minLength: 20, maxLength: 60 }).map((texts) => texts.join(''));
  const longLine = longText.map((text) => text.replaceAll('\n', 'x'));

  test.each<[string, fc.Arbitrary<string>, number]>([
    ['short', nastyText, 500],
    ['long', longText, 100],
    ['one long line', longLine, 100],
  ])('rows are no wider than the screen, and joined they are the text: %s', (_what, texts, numRuns) => {
    fc.assert(
      fc.property(texts, fc.nat(3000), anyWidth, (text, place, width) => {
        const buffer = createBuffer(text, place % (text.length + 1));
        const { rows, cursorRow, cursorColumn } = layOut(buffer, { ...options, width, maxRows: 10_000 });
        let end = 0;
        for (const [index, row] of rows.entries()) {
          expect(stringWidth(row.prefix + rowText(row))).toBeLessThanOrEqual(width);
          expect(rowText(row)).not.toMatch(/\p{Cc}/u);
          if (index > 0 && row.start > end) expect(buffer.text.slice(end, row.start)).toBe('\n');
          else expect(row.start).toBe(end);
          end = row.end;
        }
        expect(end).toBe(buffer.text.length);
        const row = rows[cursorRow];
        expect(row?.start).toBeLessThanOrEqual(buffer.cursor);
        expect(row?.end).toBeGreaterThanOrEqual(buffer.cursor);
        expect(cursorColumn).toBeLessThan(Math.max(width, 1));
        // A row without text is a line without text, or the place of a cursor at the end.
        for (const { start, end } of rows) {
          if (start === end && start !== buffer.cursor)
            expect(`\n${buffer.text}\n`.slice(start, start + 2)).toBe('\n\n');
        }
      }),
      { numRuns },
    );
  });

  test('a window is a cut of the whole, with the same cursor', () => {
    fc.assert(
      fc.property(
        fc.oneof(nastyText, longLine),
        fc.nat(3000),
        anyWidth,
        fc.integer({ min: 1, max: 6 }),
        (text, place, width, maxRows) => {
          const buffer = createBuffer(text, place % (text.length + 1));
          const whole = layOut(buffer, { ...options, width, maxRows: 10_000 });
          const window = layOut(buffer, { ...options, width, maxRows });
          const first = whole.cursorRow - window.cursorRow;
          const withoutPrefix = ({ rows }: EditorLayout) => rows.map(({ prefix: _, ...row }) => row);
          expect(withoutPrefix(window)).toEqual(
            withoutPrefix(whole).slice(first, first + window.rows.length),
          );
          expect(window.rows).toHaveLength(Math.min(maxRows, whole.rows.length));
          expect(window.cursorColumn).toBe(whole.cursorColumn);
        },
      ),
    );
  });
});

test.each([
  ['one line of ASCII', 'x'.repeat(1_000_000)],
  ['one line of ideographs', '語'.repeat(500_000)],
  ['many lines', 'echo hello world\n'.repeat(60_000)],
  ['empty lines', '\n'.repeat(1_000_000)],
])('a megabyte fills the window around its middle: %s', (_what, text) => {
  const { rows, above, below } = layOut(createBuffer(text, text.length / 2), {
    ...options,
    width: 80,
    maxRows: 20,
  });
  expect(rows).toHaveLength(20);
  expect([above, below, rows[0]?.prefix, rows.at(-1)?.prefix]).toEqual([true, true, '^ ', 'v ']);
});
