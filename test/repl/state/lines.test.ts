import { expect, test } from 'vitest';
import { NOW, play, press, start, type } from './play.ts';

const LINES = 'echo one\nfor n in 1 2; do\n  echo $n\ndone\n:queue';
const paste = { type: 'key', key: { type: 'paste', text: LINES }, now: NOW } as const;
const hints = (effects: readonly { readonly type: string; readonly text?: string }[]) =>
  effects.filter(({ text }) => text?.includes('Ctrl-X Enter'));

test('a paste of several lines says once how to send each on its own', () => {
  const pasted = play(start(), paste, press('ctrl+u'), paste);
  expect(hints(pasted.effects)).toHaveLength(1);
  expect(hints(play(start(), { ...paste, key: { type: 'paste', text: 'one line\n' } }).effects)).toEqual([]);
});

test('Ctrl-X Enter empties the line; what its lines are comes one by one, and is entered as if typed', () => {
  const entered = play(start(), paste, press('ctrl+x'), press('enter'));
  expect(entered.state.editor.buffer.text).toBe('');
  expect(entered.state.entries).toEqual([]);
  const line = (text: string) => ({ type: 'line', text, now: NOW }) as const;
  const sent = play(entered, line('echo one'), line('for n in 1 2; do\n  echo $n\ndone'), line(':queue'));
  expect(sent.state.entries.map(({ command }) => command)).toEqual([
    'echo one',
    'for n in 1 2; do\n  echo $n\ndone',
  ]);
  expect(sent.last.some((effect) => effect.type === 'print' && effect.text.includes('#1 echo one'))).toBe(
    true,
  );
  expect(sent.state.history).toEqual(['echo one', 'for n in 1 2; do\n  echo $n\ndone', ':queue']);
});

test('with one line it is Enter', () => {
  const sent = play(start(), type('ls'), press('ctrl+x'), press('enter'));
  expect(sent.state.entries).toMatchObject([{ command: 'ls' }]);
});
