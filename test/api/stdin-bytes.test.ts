import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StdinTextDecoder, stdinBytes } from '../../src/api/extension/stdin-bytes.ts';

function through(bytes: Uint8Array, cuts: readonly number[]): { bytes: Buffer; text: string } {
  const decoder = new StdinTextDecoder();
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  let from = 0;
  const texts = ends.map((end) => {
    const text = decoder.decode(bytes.subarray(from, end));
    from = end;
    return text;
  });
  texts.push(decoder.flush());
  // As on the wire: each piece on its own, through JSON.
  const pieces = texts.map((text) => stdinBytes(JSON.parse(JSON.stringify(text)) as string));
  return { bytes: Buffer.concat(pieces), text: texts.join('') };
}

test('any bytes, cut anywhere, come through unchanged', () => {
  const nearUtf8 = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc.string({ unit: 'binary', maxLength: 3 }).map((text) => new TextEncoder().encode(text)),
      fc
        .constantFrom('f0908080', 'eda080', 'c080', 'f4908080', 'e28880', 'f09f')
        .map((hex) => Buffer.from(hex, 'hex')),
    ),
  );
  fc.assert(
    fc.property(nearUtf8, fc.array(fc.nat(), { maxLength: 4 }), (parts, cuts) => {
      const bytes = Buffer.concat(parts);
      expect(through(bytes, cuts).bytes.equals(bytes)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('proper text is the text itself, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.array(fc.nat(), { maxLength: 4 }), (text, cuts) => {
      expect(through(new TextEncoder().encode(text), cuts).text).toBe(text);
    }),
  );
});

test('3 MB of random bytes', () => {
  const bytes = randomBytes(3_000_000);
  expect(through(bytes, [1, 65_536, 2_000_001]).bytes.equals(bytes)).toBe(true);
});

test('a lone surrogate that stands for no byte is U+FFFD', () => {
  expect(stdinBytes('a\ud800b')).toEqual(new TextEncoder().encode('a\ufffdb'));
});
