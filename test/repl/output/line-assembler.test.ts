import { Terminal } from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineAssembler } from '../../../src/repl/output/line-assembler.ts';
import { createSanitiser } from '../../../src/repl/output/sanitiser.ts';

function assemble(parts: readonly string[], options?: Parameters<typeof createLineAssembler>[0]): string {
  const sanitiser = createSanitiser({ lineEdits: true });
  const assembler = createLineAssembler(options);
  const lines = parts.map((part) => assembler.write(sanitiser.write(part))).join('');
  return lines + assembler.write(sanitiser.end()) + assembler.end();
}

const red = (text: string) => `\x1b[31m${text}\x1b[0m`;

const CASES: readonly (readonly [name: string, input: string, output: string])[] = [
  ['plain lines', 'a\nb\n\n', 'a\nb\n\n'],
  ['an unterminated line', 'a\nb', 'a\nb\n'],
  ['line ends of two characters', 'a\r\nb\r\n', 'a\nb\n'],
  ['more returns than needed', 'a\r\r\nb\r\r\n', 'a\nb\n'],
  ['a progress bar', ' 10%\r 20%\r100%\n', '100%\n'],
  ['a shorter text over a longer one', 'abcdef\rxy\n', 'xycdef\n'],
  ['a return and erase', 'abcdef\r\x1b[Kxy\n', 'xy\n'],
  ['erase and a return', 'abcdef\x1b[2K\rxy\n', 'xy\n'],
  ['erase and column 1', 'abcdef\x1b[2K\x1b[1Gxy\n', 'xy\n'],
  ['erase without a return', 'abc\x1b[2Kxy\n', '   xy\n'],
  ['erase at the end', 'abc\x1b[K\n', 'abc\n'],
  ['erase to the left', 'abc\b\x1b[1Kd\n', '  d\n'],
  ['backspaces', 'abc\b\bX\n', 'aXc\n'],
  ['backspaces beyond the start', 'a\b\b\bX\n', 'X\n'],
  ['a spinner', '|\b/\b-\b\\\bdone\n', 'done\n'],
  ['erasing by blanks', 'ab\b \b\b \b\n', '  \n'],
  ['overstrike', 'N\bNA\bA _\bx\n', 'NA x\n'],
  ['a column', 'abcdef\x1b[3GX\n', 'abXdef\n'],
  ['a column beyond the end', 'a\x1b[5GX\n', 'a   X\n'],
  ['a tab', 'a\tb\n', 'a\tb\n'],
  ['a tab under a change', 'a\tb\rX\n', 'X\tb\n'],
  ['a tab cut by a change', 'a\tb\r\x1b[3GX\n', 'a X     b\n'],
  ['a tab over text', 'abcdefghij\r\tX\n', 'abcdefghXj\n'],
  ['colour', '\x1b[31ma\x1b[0mb\n', `${red('a')}b\n`],
  ['colour over several lines', '\x1b[31ma\nb\n\x1b[0mc\n', `${red('a')}\n${red('b')}\nc\n`],
  ['colour that ends before a newline only', '\x1b[31ma\x1b[0m\n', `${red('a')}\n`],
  ['colour without text', '\x1b[31m\n\x1b[0m\n', '\n\n'],
  ['changes of colour without text', '\x1b[32m\x1b[33m\x1b[31ma\n', `${red('a')}\n`],
  ['colour that adds up', '\x1b[1ma\x1b[31mb\x1b[22mc\n', `\x1b[1ma\x1b[0m\x1b[1;31mb\x1b[0m${red('c')}\n`],
  ['colour in a line written over', '\x1b[31mabc\x1b[0m\rX\n', `X${red('bc')}\n`],
  ['grep', '\x1b[01;31m\x1b[Kab\x1b[m\x1b[Kc\n', '\x1b[1;31mab\x1b[0mc\n'],
  ['half of a wide character written over', '日本\rX\n', 'X 本\n'],
  ['the other half', '日本\b\b\b\x1b[2GX\n', ' X本\n'],
  ['a wide character over two', 'abc\r日\n', '日c\n'],
  ['a wide character over halves of two', '日本\x1b[2G語\n', ' 語\n'],
  ['a combining mark', 'ae\u0301\rX\n', 'Xe\u0301\n'],
  ['a combining mark after a return', 'ab\r\u0301X\n', 'Xb\n'],
  ['a family', '👩‍👩‍👧x\rab\n', 'abx\n'],
  ['a couple', '👩‍❤️‍👨x\rab\n', 'abx\n'],
  ['a flag', '🇩🇪x\rab\n', 'abx\n'],
  ['a flag after another', '🇩🇪🇫🇷\rab\n', 'ab🇫🇷\n'],
  ['a flag half', '🇩x\ra\n', 'ax\n'],
  ['a skin tone', '👍🏽x\rab\n', 'abx\n'],
  ['a form feed', 'a\fb\n', 'ab\n'],
];

describe('the line assembler', () => {
  it.each(CASES)('%s', (_name, input, output) => {
    expect(assemble([input])).toBe(output);
    expect(assemble(input.split(''))).toBe(output);
    for (let at = 0; at <= input.length; at++) {
      expect(assemble([input.slice(0, at), input.slice(at)])).toBe(output);
    }
  });

  it('shows the line that is not ended, as it would come out', () => {
    const assembler = createLineAssembler({ prefix: '> ' });
    expect(assembler.partial()).toBe('');
    expect(assembler.write('one\n\x1b[31mPassword: ')).toBe('> one\n');
    expect(assembler.partial()).toBe(red('Password: '));
    expect(assembler.partialText()).toBe('Password: ');
    assembler.write('\r');
    expect(assembler.partialText()).toBe('Password: ');
    assembler.write('50%');
    expect(assembler.partialText()).toBe('50%sword: ');
    assembler.write('\x1b[K\r\x1b[K');
    expect(assembler.partial()).toBe('');
    expect(assembler.end('!')).toBe('');
  });

  it('ends an unterminated line with the mark and forgets its colour', () => {
    const assembler = createLineAssembler({ prefix: '> ' });
    assembler.write('\x1b[31mabc');
    expect(assembler.end('!')).toBe(`> ${red('abc')}!\n`);
    expect(assembler.write('d\n')).toBe('> d\n');
  });

  it('puts the prefix before every line', () => {
    const lines = 'a\n\n\x1b[31mb\nc\x1b[0m\nd\re\n';
    expect(assemble([lines], { prefix: '| ' })).toBe(`| a\n| \n| ${red('b')}\n| ${red('c')}\n| e\n`);
    expect(assemble(['a\nb\n\nc'], { prefix: '| ' })).toBe('| a\n| b\n| \n| c\n');
  });

  it('hands a long line out in pieces, cut nowhere but between characters', () => {
    expect(assemble(['abcdefghij\nk\n'], { maxLineLength: 4 })).toBe('abcd\nefgh\nij\nk\n');
    expect(assemble(['abcd\nefgh\n'], { maxLineLength: 4 })).toBe('abcd\nefgh\n');
    expect(assemble(['abc😀defg'], { maxLineLength: 4 })).toBe('abc\n😀de\nfg\n');
    expect(assemble(['\x1b[31mabcdef'], { maxLineLength: 4 })).toBe(`${red('abcd')}\n${red('ef')}\n`);
    expect(assemble(['ab\rcdefgh\rX'], { maxLineLength: 4 })).toBe('cdef\nXh\n');
    expect(assemble(['a\x1b[9999GX'], { maxLineLength: 4 })).toBe('a  X\n');
    expect(assemble(['😀😀'], { maxLineLength: 1 })).toBe('😀\n😀\n');
    expect(assemble(['日日日日\rX\n'], { maxLineLength: 4 })).toBe('X 日日日\n');
  });

  it('holds no more than the bound of an endless line', () => {
    const assembler = createLineAssembler();
    const chunk = 'x'.repeat(64 * 1024);
    let out = 0;
    for (let count = 0; count < 1600; count++) out += assembler.write(chunk).replaceAll('\n', '').length;
    expect(out + assembler.partial().length).toBe(1600 * chunk.length);
    expect(assembler.partial().length).toBeLessThanOrEqual(16 * 1024);
    const marks = createLineAssembler();
    marks.write('a\rb');
    for (let count = 0; count < 100; count++) marks.write('\u0301'.repeat(1000));
    expect(marks.partial().length).toBeLessThan(100);
    const colours = createLineAssembler();
    for (let count = 0; count < 1000; count++) colours.write('\x1b[31m\x1b[1m'.repeat(100));
    expect(colours.partial()).toBe('');
  });

  it('gives plain text back unchanged', () => {
    const text = fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 20 });
    fc.assert(
      fc.property(text, fc.array(fc.nat({ max: 100 }), { maxLength: 5 }), (lines, at) => {
        const whole = createSanitiser().write(`${lines.join('\n')}\n`);
        const places = [0, ...at.filter((place) => place < whole.length).sort((a, b) => a - b), whole.length];
        expect(assemble(places.slice(1).map((place, index) => whole.slice(places[index], place)))).toBe(
          whole,
        );
      }),
      { numRuns: 500 },
    );
  });

  const piece = fc.oneof(
    fc.constantFrom(
      '\r',
      '\b',
      '\n',
      '\r\n',
      '\t',
      '\x1b[K',
      '\x1b[1K',
      '\x1b[2K',
      '\x1b[1G',
      '\x1b[7G',
      '\x1b[31m',
    ),
    fc.constantFrom('\x1b[1;44m', '\x1b[0m', '\x1b[22;39m', '日', '本語', 'x', 'word', '100%', ' '),
    fc.string({ minLength: 1, maxLength: 6 }),
  );

  it('gives the same lines wherever the input is cut', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        fc.integer({ min: 2, max: 30 }),
        (pieces, maxLineLength) => {
          const whole = pieces.join('');
          const cut = assemble(whole.split(''), { maxLineLength });
          expect(assemble(pieces, { maxLineLength })).toBe(cut);
          expect(assemble([whole], { maxLineLength })).toBe(cut);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('makes of a line what a terminal makes of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
        // Erased cells keep the background in a terminal, and here they do not: compared are text and its colour.
        const raw = await cellsOf(createSanitiser({ lineEdits: true }).write(pieces.join('')));
        expect(await cellsOf(assemble([pieces.join('')]))).toEqual(raw);
      }),
      { numRuns: 200 },
    );
  });
});

/** Each row's characters with their foreground, without blanks at its end; without empty rows at the end. */
async function cellsOf(text: string): Promise<string[][]> {
  const terminal = new Terminal({ cols: 400, rows: 60, allowProposedApi: true, convertEol: true });
  await new Promise<void>((resolve) => terminal.write(text, resolve));
  const rows = Array.from({ length: 60 }, (_, row) => {
    const line = terminal.buffer.active.getLine(row);
    const cells = Array.from({ length: 400 }, (_, column) => {
      const cell = line?.getCell(column);
      const chars = cell?.getChars() ?? '';
      return chars.trim() === '' ? '' : `${chars} ${cell?.getFgColor()} ${cell?.isBold()}`;
    });
    return cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1);
  });
  terminal.dispose();
  return rows.slice(0, rows.findLastIndex((row) => row.length > 0) + 1);
}
