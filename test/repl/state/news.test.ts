import { expect, test } from 'vitest';
import type { ReplEvent, ShellNews } from '../../../src/repl/state/event.ts';
import type { Played } from './play.ts';
import { ended, launched, line, NOW, play, press, start } from './play.ts';

const news = (told: ShellNews): ReplEvent => ({ type: 'shell-news', news: told, now: NOW });
const queued = (executionId: string, command: string) => news({ kind: 'queued', executionId, command });
const entries = ({ state }: Played) =>
  state.entries.map(({ number, command, phase, origin }) => `${number} ${command} ${phase} ${origin}`);
const kinds = ({ last }: Played) => last.map(({ type }) => type);

test("another client's command comes, runs and goes, as it is told", () => {
  const seen = play(start(), queued('x', 'make'));
  expect(entries(seen)).toEqual(['1 make queued elsewhere']);
  const runs = play(seen, news({ kind: 'started', executionId: 'x' }));
  expect(entries(runs)).toEqual(['1 make running elsewhere']);
  expect(entries(play(runs, news({ kind: 'ended', executionId: 'x' })))).toEqual([]);
});

test('it stands behind what waits on the devbox and before what is unsent', () => {
  const typed = play(start(), ...line('one'), launched(1), ...line('two'), ...line('three'));
  expect(entries(play(typed, queued('x', 'make')))).toEqual([
    '1 one running here',
    '4 make queued elsewhere',
    '2 two launching here',
    '3 three unsent here',
  ]);
});

test('an own command told before its launch is answered is shown once', () => {
  const early = play(start(), ...line('mine'), queued('e1', 'mine'));
  expect(entries(early)).toEqual(['1 mine launching here']);
  expect(kinds(early)).toContain('refresh');
  expect(entries(play(early, launched(1), queued('e1', 'mine')))).toEqual(['1 mine running here']);
});

test('an own command opens its block when it is told to have started', () => {
  const sent = play(start(), ...line('one'), ...line('two'), launched(1), launched(2, 'queued'), ended(1));
  expect(kinds(play(sent, news({ kind: 'started', executionId: 'e2' })))).not.toContain('open-block');
  const behind = play(start(), queued('x', 'make'), ...line('mine'), launched(2, 'queued'));
  expect(kinds(play(behind, news({ kind: 'started', executionId: 'e2' })))).toEqual(['open-block']);
});

test('an own command that was cancelled elsewhere is followed, so that its end is shown', () => {
  const sent = play(start(), ...line('one'), ...line('two'), launched(1), launched(2, 'queued'));
  const cancelled = play(sent, news({ kind: 'ended', executionId: 'e2' }));
  expect(cancelled.last).toEqual([{ type: 'follow', number: 2 }]);
});

test('while the devbox tells, the clock does not ask; when it stops telling, it does', () => {
  const live = play(start(), news({ kind: 'cwd', cwd: '/srv' }));
  expect(live.state.shell.cwd).toBe('/srv');
  expect(kinds(play(live, { type: 'tick', now: NOW }))).toEqual([]);
  expect(kinds(play(live, { type: 'not-live' }, { type: 'tick', now: NOW }))).toEqual(['refresh']);
});

test('Ctrl-C on a flood whose command has ended stops showing it', () => {
  const flood = play(start(), ...line('yes'), launched(1), press('ctrl+c'));
  expect(flood.last).toEqual([{ type: 'interrupt', executionId: 'e1' }]);
  const draining = play(flood, news({ kind: 'ended', executionId: 'e1' }));
  expect(play(draining, press('ctrl+c')).last).toEqual([{ type: 'skip-output', number: 1 }]);
});
