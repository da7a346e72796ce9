import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeEvent } from '../../../src/api/sse/encode.ts';
import { outputEvent } from '../../../src/devbox/output/output-events.ts';

/** All events of a text, as they are sent one after the other. */
function eventsOf(text: Uint8Array, offset: number): string[] {
  const events: string[] = [];
  for (let done = 0; done < text.length; ) {
    const { bytes, taken, sent } = outputEvent(text.subarray(done), offset + done);
    events.push(Buffer.from(bytes).toString());
    sent();
    done += taken;
  }
  return events;
}

test('an event is, byte for byte, what JSON makes of the text', () => {
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 400 });
  fc.assert(
    fc.property(text, fc.nat(), fc.nat(3), (output, offset, unaligned) => {
      const shifted = Buffer.from(`${'x'.repeat(unaligned)}${output}`).subarray(unaligned);
      expect(eventsOf(shifted, offset)).toEqual([encodeEvent({ output: shifted.toString(), offset })]);
    }),
  );
});

test('every character that JSON escapes, and those beside them', () => {
  for (let code = 0; code < 0x100; code++) {
    const output = `abc${String.fromCharCode(code)}${String.fromCharCode(code)}d`;
    expect(eventsOf(Buffer.from(output), 7)).toEqual([encodeEvent({ output, offset: 7 })]);
  }
});

test.each([
  ['control characters, six times as large', '\0'.repeat(65_536)],
  ['cut between characters only', `${'\u0001'.repeat(9000)}${'😀'.repeat(14_000)}`],
  ['cut between characters, one byte on', `a${'\u0001'.repeat(9000)}${'世'.repeat(18_000)}`],
])('what would be too large an event is more than one: %s', (_, text) => {
  const events = eventsOf(Buffer.from(text), 100);
  const parsed = events.map((event) => JSON.parse(event.slice('data: '.length)));
  expect(parsed.length).toBeGreaterThan(1);
  expect(parsed.map(({ output }) => output).join('')).toBe(text);
  let offset = 100;
  for (const [index, chunk] of parsed.entries()) {
    expect(events[index]).toBe(encodeEvent(chunk));
    expect(chunk.offset).toBe(offset);
    offset += Buffer.byteLength(chunk.output);
  }
});

test('an event stays as it is until it was sent', () => {
  const first = outputEvent(Buffer.alloc(60_000, 'a'), 0);
  const second = outputEvent(Buffer.alloc(60_000, 'b'), 60_000);
  expect(Buffer.from(first.bytes).toString()).toBe(encodeEvent({ output: 'a'.repeat(60_000), offset: 0 }));
  first.sent();
  const third = outputEvent(Buffer.alloc(60_000, 'c'), 120_000);
  expect(Buffer.from(second.bytes).toString()).toContain('"output":"bbb');
  second.sent();
  third.sent();
});
