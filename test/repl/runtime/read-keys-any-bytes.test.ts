import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KeyEvent } from '../../../src/repl/editor/key-event.ts';
import { createKeyParser } from '../../../src/repl/runtime/keys/read-keys-parser.ts';
import { encode, short } from './key-events-as-text.ts';

// biome-ignore format: a table
const pieces = [
  'a', 'ls -la', ' ', 'é', '语', '👍🏽', '\r', '\n', '\t', '\x01', '\x03', '\x7f', '\x00', '\x1b', '\x1b[A', '\x1b[1;5C', '\x1bOP',
  '\x1bb', '\x1bé', '\x1b\x1b[B', '\x1b[200~', '\x1b[201~', '\x1b[200~a\rb\x1b[201~', '\x1b[I', '\x1b[12;3R', '\x1b]0;t\x07',
  '\x1bPq\x1b\\', '\x1b[13;2u', '\x1b[27;2;13~', '\x1b[', '\x1bO', '\x1b]', '[', 'O', '~', ';', '1', 'M', '\\', '\x1b[M', '\x1b[[',
];
const anyBytes = fc
  .array(fc.oneof(fc.constantFrom(...pieces).map(encode), fc.uint8Array({ maxLength: 4 })), { maxLength: 12 })
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));

/** Text runs are grouped by reads, so they are compared joined. */
function ungrouped(events: readonly KeyEvent[]): string[] {
  const joined: string[] = [];
  let text = '';
  for (const event of events) {
    const typed = event.type === 'text' || event.type === 'key' ? event.text : undefined;
    if (typed !== undefined) text += typed;
    else {
      if (text !== '') joined.push(JSON.stringify(text));
      text = '';
      joined.push(event.type === 'reply' ? `reply ${JSON.stringify(event.raw)}` : short(event));
    }
  }
  return text === '' ? joined : [...joined, JSON.stringify(text)];
}

describe('any bytes', () => {
  test('mean the same however they are cut into reads', () => {
    fc.assert(
      fc.property(anyBytes, fc.array(fc.nat(60)), (bytes, cuts) => {
        const whole = createKeyParser();
        const expected = ungrouped([...whole.feed(bytes), ...whole.flush()]);
        const places = [...new Set([0, ...cuts.filter((cut) => cut < bytes.length), bytes.length])].sort(
          (a, b) => a - b,
        );
        for (const borders of [places, Array.from({ length: bytes.length + 1 }, (_, index) => index)]) {
          const parser = createKeyParser();
          const events = borders
            .slice(1)
            .flatMap((end, index) => parser.feed(bytes.slice(borders[index], end)));
          expect(ungrouped([...events, ...parser.flush()])).toEqual(expected);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('never type a control character, and after two flushes a key is a key', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const parser = createKeyParser();
        const events = [...parser.feed(bytes), ...parser.flush(), ...parser.flush()];
        for (const event of events) {
          if (event.type === 'text' || event.type === 'key') expect(event.text ?? '').not.toMatch(/\p{Cc}/u);
        }
        expect(parser.pending).toBe(false);
        expect(parser.feed(encode('\x03')).map(short)).toEqual(['ctrl+c']);
      }),
      { numRuns: 500 },
    );
  });
});

test('a paste of 4 MB in small reads: a cost that is not linear would not come to its end', () => {
  const bytes = encode(`\x1b[200~${'größe \r\n'.repeat(500_000)}\x1b[201~`);
  const parser = createKeyParser();
  const events: KeyEvent[] = [];
  for (let index = 0; index < bytes.length; index += 64)
    events.push(...parser.feed(bytes.subarray(index, index + 64)));
  expect(events).toEqual([{ type: 'paste', text: 'größe \n'.repeat(500_000) }]);
});
