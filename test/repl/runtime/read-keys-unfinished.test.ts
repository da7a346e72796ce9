import { describe, expect, test } from 'vitest';
import { createKeyParser } from '../../../src/repl/runtime/keys/read-keys-parser.ts';
import { encode, keys, short } from './key-events-as-text.ts';

describe('what does not end', () => {
  test('a reply that stops is given at the flush, and keys work again', () => {
    const parser = createKeyParser();
    expect(parser.feed(encode('\x1b]0;title'))).toEqual([]);
    expect(parser.patience).toBe(300);
    expect(parser.flush().map(short)).toEqual(['reply']);
    expect(parser.pending).toBe(false);
    expect(parser.feed(encode('ls\r')).map(short)).toEqual(['"ls"', 'enter']);
  });

  test('Ctrl-C comes through an unfinished reply', () => {
    expect(keys('\x1bPxx', '\x03', 'a')).toEqual(['reply', 'ctrl+c', 'a']);
  });

  test('a reply beyond the cap is cut, its rest dropped up to its end', () => {
    expect(keys(`\x1b]0;${'a'.repeat(10_000)}\r\x1b\\x`)).toEqual(['reply', 'x']);
    expect(keys(`\x1b]0;${'a'.repeat(5000)}`, 'b'.repeat(5000), '\x1b', '\\x')).toEqual(['reply', 'x']);
    expect(keys(`\x1b]0;${'a'.repeat(5000)}`, 'b\x03c')).toEqual(['reply', 'ctrl+c', 'c']);
  });

  test('a reply beyond the cap without an end: keys work again after the flush', () => {
    const parser = createKeyParser();
    parser.feed(encode(`\x1b]0;${'a'.repeat(5000)}`));
    expect(parser.patience).toBe(300);
    parser.flush();
    expect(parser.feed(encode('x')).map(short)).toEqual(['x']);
  });

  test('a CSI sequence beyond the cap ends', () => {
    expect(keys(`\x1b[${'1;'.repeat(400)}`)[0]).toBe('reply');
    expect(keys('\x1b[12\rx')).toEqual(['reply', 'enter', 'x']);
  });

  test('a paste without its end is given at the flush; the next key is a key', () => {
    const parser = createKeyParser();
    expect(parser.feed(encode('\x1b[200~a\rb'))).toEqual([]);
    expect(parser.patience).toBe(1000);
    expect(parser.flush().map(short)).toEqual(['paste "a\\nb"']);
    expect(parser.pending).toBe(false);
    expect(parser.feed(encode('\x03')).map(short)).toEqual(['ctrl+c']);
    expect(parser.feed(encode('ls\r')).map(short)).toEqual(['"ls"', 'enter']);
  });

  test('nor does one whose end mark stops half way hold back Ctrl-C', () => {
    const parser = createKeyParser();
    parser.feed(encode('\x1b[200~a\x1b[20'));
    expect(parser.flush().map(short)).toEqual(['paste "a"']);
    expect(parser.feed(encode('\x03')).map(short)).toEqual(['ctrl+c']);
  });

  test('a paste that only paused goes on, and its line breaks do not submit', () => {
    const parser = createKeyParser();
    parser.feed(encode('\x1b[200~a\r'));
    parser.flush();
    expect(parser.feed(encode('rm -rf something\rls\r'))).toEqual([]);
    expect(parser.feed(encode('\x1b[201~\r')).map(short)).toEqual([
      'paste "rm -rf something\\nls\\n"',
      'enter',
    ]);
  });

  test.each([
    ['in one read', ['\x1b[201~']],
    ['cut', ['\x1b[20', '1~']],
  ])('a paste whose end mark comes late, %s, ends with it', (_how, reads) => {
    const parser = createKeyParser();
    parser.feed(encode(`\x1b[200~a${reads.length > 1 ? reads[0] : ''}`));
    expect(parser.flush().map(short)).toEqual(['paste "a"']);
    expect(parser.feed(encode(reads.at(-1) ?? ''))).toEqual([]);
    expect(parser.feed(encode('b')).map(short)).toEqual(['b']);
  });

  test('a paste larger than the cap is given in parts', () => {
    const parser = createKeyParser();
    const chunk = new Uint8Array(1024 * 1024).fill(0x61);
    const events = [encode('\x1b[200~'), ...Array<Uint8Array>(20).fill(chunk), encode('\x1b[201~')].flatMap(
      (read) => parser.feed(read),
    );
    expect(
      events.map((event) => (event.type === 'paste' ? event.text.length / chunk.length : event)),
    ).toEqual([8, 8, 4]);
  });
});
