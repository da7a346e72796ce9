import { expect, test } from 'vitest';
import { notification } from '../../../src/repl/runtime/terminal/notify.ts';
import { ended, launched, line, NOW, play, start } from '../state/play.ts';

const unfocused = { type: 'key', key: { type: 'focus', focused: false }, now: NOW } as const;
const focused = { type: 'key', key: { type: 'focus', focused: true }, now: NOW } as const;

test('only a long command calls, and only out of focus', () => {
  const ends = (ms: number, ...before: Parameters<typeof play>[1][]) => {
    const running = play(start(), ...line('make; echo done'), launched(1), ...before);
    const event = ended(1, 2);
    if (event.type !== 'settled' || event.report.kind !== 'completed') throw new Error('not an end');
    const last = play(running, { ...event, report: { ...event.report, durationMs: ms } }).last;
    return last.filter(({ type }) => type === 'notify');
  };
  expect(ends(60_000)).toEqual([]);
  expect(ends(9_999, unfocused)).toEqual([]);
  expect(ends(60_000, unfocused, focused)).toEqual([]);
  expect(ends(10_000, unfocused)).toEqual([
    { type: 'notify', way: 'bell', text: '#1 make; echo done ✗ exit 2 · 10.0s' },
  ]);
});

test('where the devbox tells no times a command takes what it was seen to take', () => {
  const running = play(start(), ...line('make'), launched(1), unfocused);
  const event = ended(1);
  if (event.type !== 'settled' || event.report.kind !== 'completed') throw new Error('not an end');
  const report = { ...event.report, durationMs: undefined };
  const { last } = play(running, { ...event, report, now: NOW + 12_000 });
  expect(last).toContainEqual({ type: 'close-block', number: 1, report: { ...report, durationMs: 12_000 } });
  expect(last).toContainEqual({ type: 'notify', way: 'bell', text: '#1 make ✓ 12.0s' });
});

test('a command cannot end the sequence that shows it, and is cut', () => {
  const hostile = 'echo \x07\x1b\\\x9c\x1b]52;c;aGk=\x07\n4;3;50';
  expect(notification('osc9', `#1 ${hostile}`, false)).toBe(
    '\x1b]9;#1 echo ^G^[\\<U+009C>^[]52;c;aGk=^G⏎4;3;50\x07',
  );
  expect(notification('osc777', 'a; b', false)).toBe('\x1b]777;notify;nsh;a; b\x07');
  expect(notification('osc9', 'x', true)).toBe('\x1bPtmux;\x1b\x1b]9;x\x07\x1b\\');
  expect(notification('bell', hostile, true)).toBe('\x07');
  expect(notification('osc9', 'x'.repeat(1_000_000), false)).toHaveLength(105);
});
