import { expect, test } from 'vitest';
import { fitText } from '../../../src/repl/output/fit-text.ts';
import { connectionText, placeText } from '../../../src/repl/state/status-line.ts';
import { launched, line, NOW, play, start } from './play.ts';

test('a line whose launch is not answered: after a while the status line says how long', () => {
  const sent = play(start(), ...line('make'));
  const after = (ms: number) => connectionText(play(sent, { type: 'tick', now: NOW + ms }).state);
  expect(after(2_900)).toBe('connected');
  expect(after(12_400)).toBe('no answer for 12 s');
  const answered = play(sent, { type: 'tick', now: NOW + 12_400 }, launched(1));
  expect(connectionText(answered.state)).toBe('connected');
});

test('a recording is told of, and gives way first when it is narrow', () => {
  const { state } = play(start(), { type: 'recording', isRecording: true });
  expect(placeText(state, 60, fitText)).toBe('main · local · /home/user · rec');
  expect(placeText(state, 30, fitText)).toBe('main · local · /home/user');
  expect(placeText(state, 10, fitText)).toBe('main · lo…');
  const over = play({ state, effects: [], last: [] }, { type: 'recording', isRecording: false });
  expect(placeText(over.state, 60, fitText)).toBe('main · local · /home/user');
});
