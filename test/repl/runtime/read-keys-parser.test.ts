import { describe, expect, test } from 'vitest';
import { createKeyParser } from '../../../src/repl/runtime/keys/read-keys-parser.ts';
import { encode, keys, short } from './key-events-as-text.ts';

describe('one read', () => {
  test.each<[string, string[]]>([
    ['a', ['a']],
    ['A', ['shift+a "A"']],
    ['!', ['!']],
    [' ', ['space " "']],
    ['é', ['é']],
    ['语', ['语']],
    ['👍', ['👍']],
    ['👍🏽', ['"👍🏽"']],
    ['ß', ['ß']],
    ['ls', ['"ls"']],
    ['ls\r', ['"ls"', 'enter']],
    ['ls\rx\n', ['"ls"', 'enter', 'x', 'ctrl+j']],
    ['\x01\x05\x0b', ['ctrl+a', 'ctrl+e', 'ctrl+k']],
    ['\x00', ['ctrl+space']],
    ['\x1c\x1d\x1e\x1f', ['ctrl+\\', 'ctrl+]', 'ctrl+^', 'ctrl+_']],
    ['\t\r\n\x7f\x08', ['tab', 'enter', 'ctrl+j', 'backspace', 'backspace']],
    ['\x1b', ['escape']],
    ['\x1b\x1b', ['escape', 'escape']],
    ['\x1bb\x1bB', ['alt+b', 'alt+shift+b']],
    ['\x1bé', ['alt+é']],
    ['\x1b\r\x1b\x7f\x1b\t', ['alt+enter', 'alt+backspace', 'alt+tab']],
    ['\x1b\x01', ['ctrl+alt+a']],
    ['\x1b[', ['alt+[']],
    ['\x1bO', ['alt+shift+o']],
    ['\x1b]', ['alt+]']],
    ['\x1bP', ['alt+shift+p']],
    ['\x1b[A\x1b[B\x1b[C\x1b[D', ['up', 'down', 'right', 'left']],
    ['\x1bOA\x1bOH\x1bOF\x1bOP', ['up', 'home', 'end', 'f1']],
    ['\x1b[1;5C\x1b[1;3A\x1b[1;2D\x1b[1;6B', ['ctrl+right', 'alt+up', 'shift+left', 'ctrl+shift+down']],
    ['\x1b\x1b[A', ['alt+up']],
    ['\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[7~\x1b[8~', ['home', 'end', 'home', 'end', 'home', 'end']],
    ['\x1b[2~\x1b[3~\x1b[5~\x1b[6~', ['insert', 'delete', 'pageup', 'pagedown']],
    ['\x1b[3;5~\x1b[3^', ['ctrl+delete', 'ctrl+delete']],
    ['\x1b[11~\x1b[15~\x1b[17~\x1b[24~\x1b[34~', ['f1', 'f5', 'f6', 'f12', 'f20']],
    ['\x1b[[A\x1b[[E', ['f1', 'f5']],
    ['\x1b[1;2P\x1b[P', ['shift+f1', 'f1']],
    ['\x1b[Z', ['shift+tab']],
    ['\x1b[a\x1bOd', ['shift+up', 'ctrl+left']],
    ['\x1bOM\x1bOk\x1bOy\x1bO5C', ['enter', '+', '9', 'ctrl+right']],
    ['\x1b[27;2;13~\x1b[27;5;13~\x1b[27;6;65~', ['shift+enter', 'ctrl+enter', 'ctrl+shift+a']],
    [
      '\x1b[13;2u\x1b[13u\x1b[9;5u\x1b[27u\x1b[127;3u',
      ['shift+enter', 'enter', 'ctrl+tab', 'escape', 'alt+backspace'],
    ],
    ['\x1b[97;5u\x1b[106;5u\x1b[105;5u', ['ctrl+a', 'ctrl+j', 'ctrl+i']],
    ['\x1b[97u\x1b[97;2u\x1b[97:65;2;65u\x1b[49:33;2u', ['a', 'shift+a "A"', 'shift+a "A"', '!']],
    ['\x1b[32;2u', ['shift+space " "']],
    ['\x1b[97;69u', ['ctrl+a']],
    ['\x1b[97;1:3u\x1b[1;1:3A\x1b[1;1:2A', ['up']],
    ['\x1b[57399u\x1b[57414u\x1b[57417u\x1b[57376u', ['0', 'enter', 'left', 'f13']],
    ['\x1b[97;9u\x1b[57441;2u', ['reply', 'reply']],
    ['\x1b[I\x1b[O', ['focus in', 'focus out']],
    ['\x1b[200~a\r\nb\rc\n\x00d\x1b[201~x', ['paste "a\\nb\\nc\\nd"', 'x']],
    ['\x1b[200~\x1b[A\x03\x1b[20\x1b\x1b[201~', ['paste "\\u001b[A\\u0003\\u001b[20\\u001b"']],
    ['\x1b[200~\x1b[201~', []],
    ['\x1b[201~', ['reply']],
    ['a\x9b\u009bb', ['"a\ufffdb"'.replace('\ufffd', '')]],
  ])('%j', (read, expected) => {
    expect(keys(read)).toEqual(expected);
  });
});

describe('replies are recognised and never typed', () => {
  test.each([
    '\x1b[12;40R',
    '\x1b[1;5R',
    '\x1b[?1;2c',
    '\x1b[>41;390;0c',
    '\x1b[?2026;2$y',
    '\x1b[?1u',
    '\x1b[0n',
    '\x1b[8;24;80t',
    '\x1b[<0;10;20M',
    '\x1b[M !!',
    '\x1b]11;rgb:0000/0000/0000\x07',
    '\x1b]11;rgb:0000/0000/0000\x1b\\',
    '\x1b]lrm -rf ~\r\n\x1b\\',
    '\x1bP1$r0m\x1b\\',
    '\x1bP>|xterm(390)\x1b\\',
    '\x1b_Gi=1;OK\x1b\\',
    '\x1b^x\x1b\\',
    '\x1b[1;2;3;4z',
    '\x1b[9999999999;9999999999u',
  ])('%j', (reply) => {
    expect(keys(reply)).toEqual(['reply']);
    expect(keys(`a${reply}b`)).toEqual(['a', 'reply', 'b']);
  });

  test('their bytes can be read', () => {
    expect(createKeyParser().feed(encode('\x1b[12;40R'))).toEqual([{ type: 'reply', raw: '\x1b[12;40R' }]);
  });
});

describe('bytes that are no UTF-8', () => {
  test.each<[string, number[][], string[]]>([
    ['split over reads', [[0xe8], [0xaf], [0xad, 0x0d]], ['语', 'enter']],
    ['cut off by a key', [[0xe8, 0xaf], [0x0d]], ['\ufffd', 'enter']],
    ['cut off by silence', [[0xe8, 0xaf]], ['\ufffd']],
    ['stray', [[0x61, 0xff, 0x62]], ['"a\ufffdb"']],
    ['behind ESC', [[0x1b, 0xc3], [0xa9]], ['alt+é']],
    ['broken behind ESC', [[0x1b, 0xff]], ['escape', '\ufffd']],
    ['a byte order mark', [[0xef, 0xbb, 0xbf]], ['\ufeff']],
  ])('%s', (_what, reads, expected) => {
    expect(keys(...reads.map((read) => Uint8Array.from(read)))).toEqual(expected);
  });
});

test('a lone ESC waits 30 ms, what has begun longer', () => {
  const parser = createKeyParser();
  expect([parser.pending, parser.patience]).toEqual([false, undefined]);
  parser.feed(encode('\x1b'));
  expect([parser.pending, parser.patience]).toEqual([true, 30]);
  parser.feed(encode('['));
  expect(parser.patience).toBe(30);
  parser.feed(encode('1;'));
  expect(parser.patience).toBe(300);
  expect(parser.feed(encode('5C')).map(short)).toEqual(['ctrl+right']);
  expect(parser.pending).toBe(false);
});

test('what is held is a copy: the reader may use its buffer again', () => {
  const parser = createKeyParser();
  const buffer = encode('\x1b[1;');
  parser.feed(buffer);
  buffer.fill(0);
  expect(parser.feed(encode('5C')).map(short)).toEqual(['ctrl+right']);
});
