import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEventDecoder } from '../../src/api/sse/decode.ts';
import { encodeEvent } from '../../src/api/sse/encode.ts';

const seed = Number(process.env.NSH_SEED ?? 1);
const text = fc.string({
  unit: fc.constantFrom('a', '\n', '\r', '"', '\\', ' ', 'é', '€', '😀', '\u001b', ':'),
});
const event = fc.record({ output: text, offset: fc.nat() });

it('gives the events that were encoded, however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 6 }), fc.array(fc.nat({ max: 12 })), (chunks, cuts) => {
      const wire = Buffer.from(chunks.map((chunk) => encodeEvent(chunk)).join(''));
      const decoder = createEventDecoder();
      const decoded: unknown[] = [];
      for (let start = 0, index = 0; start < wire.length; index++) {
        const end = start + (cuts.length === 0 ? wire.length : 1 + (cuts[index % cuts.length] ?? 0));
        for (const { data } of decoder.feed(wire.subarray(start, end))) {
          const chunk = JSON.parse(data);
          decoded.push(chunk);
          // What is said to be ASCII has as many bytes as characters.
          if (decoder.isAscii) expect(Buffer.byteLength(chunk.output)).toBe(chunk.output.length);
        }
        start = end;
      }
      expect(decoded).toEqual(chunks);
    }),
    { seed, numRuns: 2000 },
  );
});

it('sees that text is ASCII', () => {
  const decoder = createEventDecoder();
  decoder.feed(Buffer.from('data: {"output":"abc\\n"}\n\n'));
  expect(decoder.isAscii).toBe(true);
  // As some encoders of JSON write é.
  decoder.feed(Buffer.from('data: {"output":"\\u00e9"}\n\n'));
  expect(decoder.isAscii).toBe(false);
});
