import { expect, test } from 'vitest';
import { news, promptText } from '../../src/tui/plain/news.ts';
import { launched, line, NOW, type Played, play, press, start, type } from '../repl/state/play.ts';

const told = (before: Played, after: Played) => news(before.state, after.state);
const prompt = ({ state }: Played) => promptText(state);

test('each thing is said when it becomes true, and not again', () => {
  const connected = start();
  const lost = (ms: number) =>
    ({
      type: 'connection',
      connection: { state: 'retrying', reason: 'refused', retryInMs: ms },
      now: NOW,
    }) as const;
  const retrying = play(connected, lost(1_000));
  expect(told(connected, retrying)).toEqual(['reconnecting: refused']);
  expect(told(retrying, play(retrying, lost(2_000)))).toEqual([]);
  const back = play(retrying, { type: 'connection', connection: { state: 'connected' }, now: NOW });
  expect(told(retrying, back)).toEqual(['connected']);
  const nothing = play(connected, press('ctrl+c'));
  expect(told(connected, nothing)).toEqual([expect.stringContaining('Nothing is running')]);
});

test('a prompt stands where a line can be typed, and says when it is a further one', () => {
  expect(prompt(start())).toBe('main> ');
  expect(prompt(play(start(), type('if :')))).toBe('> ');
  const runs = play(start(), ...line('make'), launched(1));
  expect(prompt(runs)).toBeUndefined();
  const failed = play(runs, ...line('next'), {
    type: 'launch-failed',
    number: 2,
    failure: 'unknown',
    message: 'the connection broke',
  });
  expect(prompt(failed)).toBeUndefined();
  const held = play(runs, ...line('next'), ...line('last'), {
    type: 'launch-failed',
    number: 2,
    failure: 'unknown',
    message: 'the connection broke',
  });
  expect(prompt(held)).toBe('main> ');
  expect(told(runs, held)).toContain('1 line held, #2 may not have run: Enter sends, :cancel N drops one');
});
