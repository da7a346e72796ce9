import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textOf, unfinishedBytes } from '../../../src/devbox/output/text-of.ts';
import { type TextPiece, TextPieces } from '../../../src/devbox/output/text-pieces.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

test.each([
  ['plain', bytes(0x61, 0x0a), 'a\n'],
  ['four bytes', new TextEncoder().encode('x😀'), 'x😀'],
  ['a byte order mark is kept', bytes(0xef, 0xbb, 0xbf, 0x61), '\ufeffa'],
  ['lone continuation', bytes(0x61, 0x80, 0x62), 'a?b'],
  ['overlong slash', bytes(0xc0, 0xaf), '??'],
  ['overlong in three bytes', bytes(0xe0, 0x80, 0xaf), '???'],
  ['surrogate', bytes(0xed, 0xa0, 0x80), '???'],
  ['beyond the last character', bytes(0xf4, 0x90, 0x80, 0x80), '????'],
  ['cut before its end', bytes(0xe2, 0x82, 0x61), '??a'],
  ['cut at the end', bytes(0x61, 0xe2, 0x82), 'a??'],
  ['NUL', bytes(0x61, 0, 0x62), 'a\0b'],
])('%s', (_, input, text) => {
  expect(textOf(input)).toBe(text);
});

test.each([
  ['nothing', bytes(), 0],
  ['a whole character', bytes(0xe2, 0x82, 0xac), 0],
  ['two of three', bytes(0xe2, 0x82), 2],
  ['three of four', bytes(0xf0, 0x9f, 0x98), 3],
  ['a lead alone', bytes(0x61, 0xc3), 1],
  ['what can be no character any more', bytes(0xe0, 0x80), 0],
  ['continuations without a lead', bytes(0x80, 0x80), 0],
])('unfinished at the end: %s', (_, input, count) => {
  expect(unfinishedBytes(input)).toBe(count);
});

const mixed = fc
  .array(fc.oneof(fc.string({ unit: 'binary', maxLength: 4 }), fc.uint8Array({ maxLength: 3 })), {
    maxLength: 12,
  })
  .map((parts) => Buffer.concat(parts.map((part) => Buffer.from(part as string))));

test('text has as many bytes as it stands for', () => {
  fc.assert(
    fc.property(mixed, (input) => {
      expect(Buffer.byteLength(textOf(input))).toBe(input.byteLength);
    }),
  );
});

test('however a stream is cut, its pieces are the text of the whole, each at its offset', () => {
  fc.assert(
    fc.property(mixed, fc.array(fc.nat(40)), (input, cuts) => {
      const pieces = new TextPieces();
      const chunks: TextPiece[] = [];
      const edges = [0, ...cuts.filter((cut) => cut < input.length).sort((a, b) => a - b), input.length];
      for (const [index, start] of edges.entries()) {
        const end = edges[index + 1];
        if (end !== undefined) chunks.push(...pieces.take(start, input.subarray(start, end)));
      }
      chunks.push(...pieces.end());
      expect(Buffer.concat(chunks.map((chunk) => chunk.bytes)).toString()).toBe(textOf(input));
      let offset = 0;
      for (const chunk of chunks) {
        expect(chunk.offset).toBe(offset);
        offset += chunk.bytes.byteLength;
      }
    }),
  );
});

test('a gap ends what was held back', () => {
  const pieces = new TextPieces();
  expect([...pieces.take(0, bytes(0x61, 0xe2))]).toEqual([{ bytes: bytes(0x61), offset: 0 }]);
  expect([...pieces.take(100, bytes(0x62))]).toEqual([
    { bytes: bytes(0x3f), offset: 1 },
    { bytes: bytes(0x62), offset: 100 },
  ]);
});

test('what is held back outlives the buffer it came from', () => {
  const pieces = new TextPieces();
  const buffer = Buffer.from([0x61, 0xe2, 0x82]);
  expect(Buffer.concat([...pieces.take(0, buffer)].map((piece) => piece.bytes)).toString()).toBe('a');
  buffer.fill(0x7a);
  expect([...pieces.take(3, bytes(0xac))]).toEqual([{ bytes: Buffer.from('€'), offset: 1 }]);
});
