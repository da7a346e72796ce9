import { expect, test } from 'vitest';
import type { DevboxNews, ReplEvent } from '../../../src/repl/state/event.ts';
import { connectionText } from '../../../src/repl/state/status-line.ts';
import { launched, line, NOW, play, start } from './play.ts';

const news = (told: DevboxNews): ReplEvent => ({ type: 'devbox-news', news: told, now: NOW });
const suspended = news({ trouble: 'suspended', told: 'It is suspended.', shellsGone: true });

test('trouble is printed, and stands in the status line until it is over', () => {
  const told = play(start(), suspended);
  expect(told.last).toEqual([{ type: 'print', text: 'It is suspended.', tone: 'error' }]);
  expect(connectionText(told.state)).toBe('suspended');
  const back = play(told, news({ trouble: undefined, told: undefined, shellsGone: false }));
  expect(back.last).toEqual([]);
  expect(connectionText(back.state)).toBe('connected');
});

test('lines typed for shells that are gone are held', () => {
  const typed = play(start(), ...line('cd /srv'), ...line('rm -rf *'));
  expect(play(typed, suspended).state.hold).toEqual({ reason: 'the devbox: suspended' });
  const sent = play(start(), ...line('cd /srv'), launched(1));
  expect(play(sent, suspended).state.hold).toBeUndefined();
});

test('a key that is refused is told once, with what to do, and stands in the status line', () => {
  const refused = play(start(), {
    type: 'connection',
    connection: { state: 'unauthorized', reason: 'the key is not known' },
    now: NOW,
  });
  expect(connectionText(refused.state)).toBe('key refused: the key is not known');
  expect(refused.last).toEqual([expect.objectContaining({ type: 'print', tone: 'error' })]);
});
