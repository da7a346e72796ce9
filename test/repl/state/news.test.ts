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
  expect(runs.effects).toContainEqual({ type: 'open-block', number: 1, command: 'make', elsewhere: true });
  const over = play(runs, news({ kind: 'ended', executionId: 'x' }), ended(1, 2));
  expect(over.last).toContainEqual(expect.objectContaining({ type: 'close-block', number: 1 }));
  expect(entries(over)).toEqual([]);
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

test('news of an own command that come after its end was shown are no news', () => {
  const over = play(start(), ...line('mine'), launched(1), ended(1));
  expect(entries(play(over, queued('e1', 'mine')))).toEqual([]);
  const report = {
    name: 'main',
    cwd: '/',
    pid: 1,
    queue: [{ executionId: 'e1', command: 'mine', status: 'running' }],
  } as const;
  expect(entries(play(over, { type: 'shell-reported', report, now: NOW }))).toEqual([]);
  const lost = { kind: 'lost', message: 'the connection broke' } as const;
  const unknown = play(start(), ...line('mine'), launched(1), { ...ended(1), report: lost } as ReplEvent);
  expect(entries(play(unknown, queued('e1', 'mine')))).toEqual(['2 mine queued elsewhere']);
});

test('an own command told before its launch is answered is shown once', () => {
  const early = play(start(), ...line('mine'), queued('e1', 'mine'));
  expect(entries(early)).toEqual(['1 mine launching here']);
  const answered = play(early, launched(1));
  expect(entries(play(answered, queued('e1', 'mine')))).toEqual(['1 mine running here']);
});

test('another client’s command with the same text, told before the own launch is answered, stands before it', () => {
  const early = play(start(), ...line('mine'), queued('x', 'mine'), queued('e1', 'mine'));
  const answered = play(early, launched(1, 'queued'));
  expect(entries(answered)).toEqual(['3 mine queued elsewhere', '1 mine queued here']);
  const unknown = play(start(), ...line('mine'), queued('x', 'mine'), {
    type: 'launch-failed',
    number: 1,
    failure: 'not_sent',
    message: 'refused',
  });
  expect(entries(unknown)).toEqual(['2 mine queued elsewhere', '1 mine unsent here']);
});

test('what was accepted between two own commands stands between them, whenever it is told', () => {
  const sent = play(
    start(),
    news({ kind: 'snapshot', report: undefined }),
    queued('r', 'make'),
    ...line('one'),
    launched(2, 'queued'),
    ...line('two'),
    launched(3, 'queued'),
  );
  const told = play(sent, queued('e2', 'one'), queued('x', 'theirs'), queued('e3', 'two'));
  expect(entries(told)).toEqual([
    '1 make queued elsewhere',
    '2 one queued here',
    '4 theirs queued elsewhere',
    '3 two queued here',
  ]);
});

test('what ran behind another command is shown behind it, though its end is known first', () => {
  const blocks = ({ effects }: Played) =>
    effects.flatMap((effect) =>
      effect.type === 'open-block' || effect.type === 'close-block'
        ? [`${effect.type} ${effect.number}`]
        : [],
    );
  const sent = play(
    start(),
    queued('x', 'make'),
    news({ kind: 'started', executionId: 'x' }),
    ...line('mine'),
    launched(2, 'queued'),
  );
  const over = play(sent, { type: 'output-began', number: 2, now: NOW }, ended(2));
  expect(blocks(over)).toEqual(['open-block 1']);
  expect(blocks(play(over, ended(1)))).toEqual([
    'open-block 1',
    'close-block 1',
    'open-block 2',
    'close-block 2',
  ]);
});

test('an own command opens its block when it is told to have started', () => {
  const sent = play(start(), ...line('one'), ...line('two'), launched(1), launched(2, 'queued'), ended(1));
  expect(kinds(play(sent, news({ kind: 'started', executionId: 'e2' })))).not.toContain('open-block');
  const behind = play(start(), queued('x', 'make'), ...line('mine'), launched(2, 'queued'));
  expect(kinds(behind)).not.toContain('open-block');
  const first = play(behind, news({ kind: 'ended', executionId: 'x' }), ended(1));
  expect(kinds(first)).toContain('open-block');
});

test('an own command that was cancelled elsewhere is followed, so that its end is shown', () => {
  const sent = play(start(), ...line('one'), ...line('two'), launched(1), launched(2, 'queued'));
  const cancelled = play(sent, news({ kind: 'ended', executionId: 'e2', cancelled: true }));
  expect(cancelled.last).toEqual([{ type: 'follow', number: 2, executionId: 'e2' }]);
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

const snapshot = (pid: number | undefined): ReplEvent =>
  news({
    kind: 'snapshot',
    report: pid === undefined ? undefined : { name: 'main', cwd: '/srv', pid, queue: [] },
  });
const lost: ReplEvent = {
  type: 'connection',
  connection: { state: 'retrying', reason: 'refused', retryInMs: 100 },
  now: NOW,
};
const launches = ({ effects }: Played) =>
  effects.flatMap((effect) => (effect.type === 'launch' ? [effect.command] : []));

test('after a broken connection nothing is sent until the shell is known to be the same', () => {
  const offline = play(start(), snapshot(7), lost, ...line('rm -rf build'));
  expect(launches(offline)).toEqual([]);
  expect(launches(play(offline, snapshot(7)))).toEqual(['rm -rf build']);
});

test.each([undefined, 8])('a shell that is gone or another (pid %s) holds what was typed for it', (pid) => {
  const back = play(start(), snapshot(7), lost, ...line('rm -rf build'), snapshot(pid));
  expect(launches(back)).toEqual([]);
  expect(back.last).toContainEqual(expect.objectContaining({ type: 'print', tone: 'error' }));
  expect(launches(play(back, press('enter')))).toEqual(['rm -rf build']);
});

test('a bash that ended by itself is no lost shell', () => {
  const restarted = play(
    start(),
    snapshot(7),
    news({ kind: 'bash', pid: undefined, cwd: '/' }),
    lost,
    ...line('ls'),
  );
  expect(launches(play(restarted, snapshot(undefined)))).toEqual(['ls']);
});
