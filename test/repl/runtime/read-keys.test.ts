import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { KeyEvent } from '../../../src/repl/editor/key-event.ts';
import { attachKeys } from '../../../src/repl/runtime/keys/read-keys.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function attached(onKey?: (name: string) => void) {
  const stdin = new PassThrough();
  const names: string[] = [];
  const keys = attachKeys(stdin, (event: KeyEvent) => {
    names.push(event.type === 'key' ? event.name : event.type);
    onKey?.(names.at(-1) ?? '');
  });
  const read = (text: string) => stdin.emit('data', Buffer.from(text));
  return { stdin, names, keys, read };
}

test('a lone ESC is a key after 30 ms of silence', () => {
  const { names, read } = attached();
  read('\x1b');
  vi.advanceTimersByTime(29);
  expect(names).toEqual([]);
  vi.advanceTimersByTime(2);
  expect(names).toEqual(['escape']);
});

test('a sequence cut within that time is one key', () => {
  const { names, read } = attached();
  read('\x1b');
  vi.advanceTimersByTime(20);
  read('[');
  vi.advanceTimersByTime(20);
  read('A');
  vi.advanceTimersByTime(1000);
  expect(names).toEqual(['up']);
});

test('bytes that were waiting while the process was busy are read before the flush', () => {
  const { names, read } = attached();
  read('\x1b');
  vi.advanceTimersToNextTimer();
  read('[A');
  vi.runAllTimers();
  expect(names).toEqual(['up']);
});

test('a paste without an end is given after a second', () => {
  const { names, read } = attached();
  read('\x1b[200~abc\r');
  vi.advanceTimersByTime(999);
  expect(names).toEqual([]);
  vi.runAllTimers();
  expect(names).toEqual(['paste']);
  read('\r');
  expect(names).toEqual(['paste', 'enter']);
});

test('the end of input gives what is held', () => {
  const { stdin, names, read } = attached();
  read('\x1b');
  stdin.emit('end');
  expect(names).toEqual(['escape']);
});

test('after detach nothing is given and nothing is read, even in the middle of a read', () => {
  const { stdin, names, keys, read } = attached((name) => {
    if (name === 'x') keys.detach();
  });
  read('\x01x\x1b');
  expect(names).toEqual(['a', 'x']);
  expect(stdin.isPaused()).toBe(true);
  expect(stdin.listenerCount('data')).toBe(0);
  vi.runAllTimers();
  expect(names).toEqual(['a', 'x']);
});
