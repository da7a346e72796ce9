import { expect, test } from 'vitest';
import { connectionText } from '../../../src/repl/state/status-line.ts';
import { launched, line, NOW, play, start } from './play.ts';

test('a line whose launch is not answered: after a while the status line says how long', () => {
  const sent = play(start(), ...line('make'));
  const after = (ms: number) => connectionText(play(sent, { type: 'tick', now: NOW + ms }).state);
  expect(after(2_900)).toBe('connected');
  expect(after(12_400)).toBe('no answer for 12 s');
  const answered = play(sent, { type: 'tick', now: NOW + 12_400 }, launched(1));
  expect(connectionText(answered.state)).toBe('connected');
});
