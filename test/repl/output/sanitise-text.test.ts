import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sanitiseText } from '../../../src/repl/output/sanitise-text.ts';
import { HOSTILE } from './hostile-sequences.ts';

describe('sanitiseText', () => {
  it.each([
    ['plain text', 'plain text', 'plain text'],
    ['for i in 1\ndo\r\n\techo', 'for i in 1⏎do⏎^Iecho', 'for i in 1\ndo\n\techo'],
    ['\x1b[31mred\x1b[0m', '^[[31mred^[[0m', '^[[31mred^[[0m'],
    ['\x1b]52;c;aGk=\x07', '^[]52;c;aGk=^G', '^[]52;c;aGk=^G'],
    ['a\rb\bc\x00\x7f', 'a^Mb^Hc^@^?', 'a^Mb^Hc^@^?'],
    ['\x9b6n\x85', '<U+009B>6n<U+0085>', '<U+009B>6n<U+0085>'],
    ['rm \u202efdp.exe', 'rm <U+202E>fdp.exe', 'rm <U+202E>fdp.exe'],
    ['a\u2028b', 'a<U+2028>b', 'a<U+2028>b'],
    ['a\u{e0041}b', 'a<U+E0041>b', 'a<U+E0041>b'],
    ['葛\u{e0100} 👩‍👩‍👧 🇩🇪', '葛\u{e0100} 👩‍👩‍👧 🇩🇪', '葛\u{e0100} 👩‍👩‍👧 🇩🇪'],
    ['a\ud83d', 'a\ufffd', 'a\ufffd'],
    ['a\udb40', 'a\ufffd', 'a\ufffd'],
  ])('shows %j', (text, line, lines) => {
    expect(sanitiseText(text)).toBe(line);
    expect(sanitiseText(text, { multiline: true })).toBe(lines);
  });

  it('leaves no control character of any text', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...HOSTILE.map(([, input]) => input)),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        const line = sanitiseText(text);
        expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]|[\u{e0000}-\u{e007f}]/u);
        expect(sanitiseText(line)).toBe(line);
        expect(sanitiseText(text, { multiline: true })).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
      }),
    );
  });
});
