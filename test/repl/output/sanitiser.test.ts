import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createSanitiser,
  MAX_STRING_LENGTH,
  type SanitiserOptions,
} from '../../../src/repl/output/sanitiser.ts';
import { HOSTILE } from './hostile-sequences.ts';

function sanitise(parts: readonly string[], options?: SanitiserOptions): string {
  const sanitiser = createSanitiser(options);
  return parts.map((part) => sanitiser.write(part)).join('') + sanitiser.end();
}

function splits(text: string): string[][] {
  const cuts = Array.from({ length: text.length + 1 }, (_, at) => [text.slice(0, at), text.slice(at)]);
  return [...cuts, text.split('')];
}

/** What the terminal may get: text, newline, tab, SGR made of allowed codes. */
const SAFE = /^(?:[^\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\x1b\[[\d;:]+m)*$/;

const PASSES: readonly (readonly [name: string, input: string, output: string])[] = [
  ['text', 'plain text', 'plain text'],
  ['newline and tab', 'a\n\tb\n', 'a\n\tb\n'],
  ['colours', '\x1b[31mred\x1b[0m', '\x1b[31mred\x1b[0m'],
  ['the short reset', '\x1b[1mbold\x1b[m', '\x1b[1mbold\x1b[0m'],
  ['colon colours', '\x1b[38:2::1:2:3mx', '\x1b[38;2;1;2;3mx'],
  ['8-bit SGR', '\x9b31mred', '\x1b[31mred'],
  ['conceal taken out of a sequence', '\x1b[31;8mred', '\x1b[31mred'],
  ['wide characters and emoji', '日本 🎉 👩‍👩‍👧 🇩🇪 ä', '日本 🎉 👩‍👩‍👧 🇩🇪 ä'],
  ['joiners', 'a\u200db\u200cc', 'a\u200db\u200cc'],
  ['other supplementary characters', '葛\u{e0100}', '葛\u{e0100}'],
  ['replacement characters', '\ufffd', '\ufffd'],
  ['half of a surrogate pair', 'a\ud83db', 'a\ufffdb'],
  ['the other half', 'a\udf89b', 'a\ufffdb'],
  ['half of a pair at the end', 'a\ud83d', 'a\ufffd'],
  ['carriage return and backspace', 'a\rb\bc\r\n', 'abc\n'],
  ['a string that is not ended', '\x1b]0;title\nnext', '\nnext'],
  ['a sequence that is not ended', '\x1b[3\nnext', '\nnext'],
  ['an escape before a newline', '\x1b\nnext', '\nnext'],
  ['text after a sequence cut off by a letter', '\x1b[3ä', 'ä'],
  ['nothing of an unfinished end', 'a\x1b[3', 'a'],
];

describe('the sanitiser', () => {
  it.each(PASSES)('lets through: %s', (_name, input, output) => {
    for (const parts of splits(input)) expect(sanitise(parts)).toBe(output);
  });

  it.each(HOSTILE)('drops or shows: %s', (_name, input, left) => {
    for (const parts of splits(`a${input}b\n`)) expect(sanitise(parts)).toBe(`a${left}b\n`);
  });

  it('ends an endless CSI and an endless string at their bounds', () => {
    expect(sanitise(['\x1b[', '1'.repeat(300), 'm text'])).toMatch(/^1+m text$/);
    const string = `\x1b]52;${'A'.repeat(MAX_STRING_LENGTH)}tail`;
    expect(sanitise([string])).toBe('AAAtail');
    expect(sanitise([string.slice(0, 1000), string.slice(1000)])).toBe('AAAtail');
  });

  it('drops an SGR sequence that is too long', () => {
    expect(sanitise([`\x1b[${'1;'.repeat(70)}1mx`])).toBe('x');
    expect(sanitise([`\x1b[${'1;'.repeat(60)}1mx`])).toMatch(/^\x1b\[1;.*mx$/);
  });

  it('lets line edits through for the assembler only', () => {
    const text = 'a\rb\bc\x1b[K\x1b[2K\x1b[3K\x1b[?K\x1b[5G\x1b[5;5G\x1b[12345G';
    expect(sanitise([text])).toBe('abc');
    for (const parts of splits(text)) {
      expect(sanitise(parts, { lineEdits: true })).toBe('a\rb\bc\x1b[K\x1b[2K\x1b[5G');
    }
  });

  it('takes colours out on request', () => {
    expect(sanitise(['\x1b[1;31mred\x1b[0m \x9b4mline'], { colour: false })).toBe('red line');
  });

  it('shows what it would drop on request', () => {
    const shown: [string, string][] = [
      ['\x1b]52;c;aGk=\x07', '^[]52;c;aGk=^G'],
      ['\x1bP$q\x1b\\', '^[P$q^[\\'],
      ['\x1b[?2004l', '^[[?2004l'],
      ['\x1b[31mred', '\x1b[31mred'],
      ['\x1bc\x1b(0', '^[c^[(0'],
      ['\x9b6n\x9dx\x9c', '<U+009B>6n<U+009D>x<U+009C>'],
      ['\x1b[3\x08m', '^[[3^Hm'],
      ['\x1b[3\x18x', '^[[3^Xx'],
      ['a\x00\x7f\r\b', 'a^@^?^M^H'],
      ['\x1b[3', '^[[3'],
    ];
    for (const [input, output] of shown) {
      for (const parts of splits(input)) expect(sanitise(parts, { showControls: true })).toBe(output);
    }
  });

  it('follows links with their address on request', () => {
    const link = (address: string) => `\x1b]8;;${address}\x1b\\text\x1b]8;;\x1b\\.`;
    const shown: [string, string][] = [
      [link('https://example.com/a'), 'text <https://example.com/a>.'],
      [link('https://bank.example@evil.example/'), 'text <https://evil.example/>.'],
      [link('https://exаmple.com/'), 'text <https://xn--exmple-4nf.com/>.'],
      [link('file:///etc/passwd'), 'text.'],
      [link('javascript:alert(1)'), 'text.'],
      [link('https://[broken'), 'text.'],
      [link(`https://example.com/${'a'.repeat(5000)}`), 'text.'],
      [
        '\x1b]8;;https://a.example/\x07one\x1b]8;;https://b.example/\x07two',
        'one <https://a.example/>two <https://b.example/>',
      ],
      ['\x1b]0;8;;https://a.example/\x07x', 'x'],
    ];
    for (const [input, output] of shown) {
      expect(sanitise([input], { links: true })).toBe(output);
      expect(sanitise(input.split(''), { links: true })).toBe(output);
    }
    const long = sanitise([link(`https://example.com/${'a'.repeat(500)}`)], { links: true });
    expect(long.length).toBeLessThan(250);
  });

  it('forgets what it held when it is reset', () => {
    const sanitiser = createSanitiser();
    expect(sanitiser.write('a\x1b]0;never ended')).toBe('a');
    sanitiser.reset();
    expect(sanitiser.write('b')).toBe('b');
    expect(sanitiser.write('\ud83d')).toBe('');
    expect(sanitiser.write('')).toBe('');
    expect(sanitiser.write('\ude00')).toBe('😀');
  });

  const sgr = fc
    .array(
      fc.constantFrom(
        '',
        '0',
        '1',
        '2',
        '5',
        '8',
        '08',
        '31',
        '38',
        '48',
        '58',
        '4:3',
        '38:5:8',
        '8:8',
        '300',
      ),
      {
        maxLength: 12,
      },
    )
    .map((fields) => `\x1b[${fields.join(';')}m`);
  const fragment = fc.oneof(
    sgr,
    fc.constantFrom(
      '\x1b',
      '[',
      ']',
      'P',
      'm',
      '8',
      ';',
      ':',
      '38',
      '58',
      '5',
      '2',
      '\\',
      '\x07',
      '\x18',
      '\x9b',
      '\x9d',
      '\x9c',
    ),
    fc.constantFrom(
      '\n',
      '\r',
      '\b',
      'K',
      'G',
      '\u202e',
      '\udb40',
      '\udc41',
      'k',
      '?',
      ' ',
      'c',
      'text',
      '8;;https://a.b/',
    ),
    fc.string({ unit: 'binary', maxLength: 5 }),
    fc.constantFrom(...HOSTILE.map(([, input]) => input)),
  );
  const hostile = fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join(''));
  const options = fc.record({ showControls: fc.boolean(), links: fc.boolean(), colour: fc.boolean() });

  it('never lets anything but text, newline, tab and allowed SGR through', () => {
    fc.assert(
      fc.property(hostile, options, (text, chosen) => {
        const output = sanitise([text], chosen);
        expect(output).toMatch(SAFE);
        for (const [, codes = ''] of output.matchAll(/\x1b\[([\d;:]*)m/g)) {
          const withoutColours = codes.replace(/[345]8[;:](?:5[;:]\d+|2[;:]{1,2}\d+[;:]\d+[;:]\d+)/g, '');
          expect(withoutColours.split(/[;:]/).map(Number)).not.toContain(8);
        }
        if (!chosen.colour) expect(output).not.toContain('\x1b');
      }),
      { numRuns: 2000 },
    );
  });

  it('gives the same wherever the input is cut', () => {
    const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 8 });
    const chosen = fc.record({
      ...{ showControls: fc.boolean(), links: fc.boolean(), lineEdits: fc.boolean() },
    });
    fc.assert(
      fc.property(hostile, cuts, chosen, (text, at, options) => {
        const places = [0, ...at.filter((place) => place < text.length).sort((a, b) => a - b), text.length];
        const parts = places.slice(1).map((place, index) => text.slice(places[index], place));
        expect(sanitise(parts, options)).toBe(sanitise([text], options));
      }),
      { numRuns: 2000 },
    );
  });
});
