import { expect, test } from 'vitest';
import type { ReplEvent, ShellNews, ShellReport } from '../../../src/repl/state/event.ts';
import type { Played } from './play.ts';
import { accepted, answered, began, ended, launched, line, NOW, play, press, start } from './play.ts';

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
  expect(runs.effects).toContainEqual({
    type: 'open-block',
    number: 1,
    name: '#1',
    command: 'make',
    elsewhere: true,
  });
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

const opened = ({ effects }: Played) =>
  effects.flatMap((effect) => (effect.type === 'open-block' ? [effect.command] : []));
const view = (lastNumber: number, ...queue: ShellReport['queue']): ReplEvent =>
  news({ kind: 'snapshot', report: { name: 'main', cwd: '/', pid: 7, lastNumber, queue } });
const item = (
  shellNumber: number,
  command: string,
  status: 'queued' | 'running' = 'queued',
  own?: number,
) => ({
  executionId: `e${shellNumber}`,
  command,
  status,
  shellNumber,
  own,
});

test('an own command told before its launch is answered is shown once, and known by its id, not by its text', () => {
  const early = play(start(), ...line('mine'), accepted(1, 'mine'), accepted(2, 'mine', 1));
  expect(entries(early)).toEqual(['2 mine queued elsewhere', '1 mine launching here']);
  const behind = play(early, accepted(3, 'theirs'));
  const sent = play(behind, answered(1, 2));
  expect(entries(sent)).toEqual([
    '2 mine queued elsewhere',
    '1 mine queued here',
    '3 theirs queued elsewhere',
  ]);
});

test('what nobody answered runs, when the devbox tells of it', () => {
  const lostAnswer = { type: 'launch-failed', number: 1, failure: 'unknown', message: '' } as const;
  const known = play(start(), ...line('mine'), ...line('next'), accepted(1, 'mine', 1), began(1), lostAnswer);
  expect(entries(known)).toEqual(['1 mine running here', '2 next launching here']);
  const late = play(start(), ...line('mine'), lostAnswer, accepted(1, 'mine', 1));
  expect(entries(late)).toEqual(['2 mine queued here']);
});

test('where the devbox tells no ids, what was shown as somebody else’s becomes one’s own with the answer', () => {
  const early = play(start(), ...line('mine'), queued('e1', 'mine'));
  expect(entries(early)).toEqual(['2 mine queued elsewhere', '1 mine launching here']);
  expect(entries(play(early, launched(1, 'queued')))).toEqual(['1 mine queued here']);
});

test('commands stand in the order of their numbers, however they are told', () => {
  const sent = play(
    start(),
    view(0),
    accepted(1, 'make'),
    ...line('one'),
    answered(2, 2),
    ...line('two'),
    answered(3, 4),
    accepted(2, 'one', 2),
    accepted(3, 'theirs'),
  );
  const inOrder = [
    '1 make queued elsewhere',
    '2 one queued here',
    '4 theirs queued elsewhere',
    '3 two queued here',
  ];
  expect(entries(sent)).toEqual(inOrder);
  const answer = { name: 'main', cwd: '/', pid: 7, lastNumber: 5, queue: [item(1, 'make'), item(5, 'late')] };
  const reported = play(sent, { type: 'shell-reported', report: answer, now: NOW });
  expect(entries(reported)).toEqual([...inOrder, '5 late queued elsewhere']);
});

test('a block does not open before it is known what stands before it', () => {
  const overtaken = play(start(), view(4), ...line('mine'), answered(1, 6), {
    type: 'output-began',
    number: 1,
    now: NOW,
  });
  expect(opened(overtaken)).toEqual([]);
  const first = play(overtaken, accepted(5, 'theirs'), began(5), accepted(6, 'mine', 1));
  expect(opened(first)).toEqual(['theirs']);
  expect(opened(play(first, news({ kind: 'ended', executionId: 'e5' }), ended(2)))).toEqual([
    'theirs',
    'mine',
  ]);
  const asks = play(overtaken, { type: 'tick', now: NOW });
  expect(asks.last).toEqual([{ type: 'ask-missed', after: 4, upTo: 6 }]);
});

test('what came and went while the news were cut is asked for and shown in its place', () => {
  const cut = play(
    start(),
    view(0),
    ...line('mine'),
    answered(1, 1),
    accepted(1, 'mine', 1),
    began(1),
    ended(1),
  );
  const back = play(cut, view(4, item(4, 'now', 'running')));
  expect(back.last).toContainEqual({ type: 'ask-missed', after: 1, upTo: 4 });
  expect(opened(back)).toEqual(['mine']);
  const missed = (shellNumber: number, command: string, cancelled = false) => ({
    ...item(shellNumber, command),
    status: 'completed' as const,
    cancelled,
    startedAt: NOW,
  });
  const commands = [missed(1, 'mine'), missed(2, 'make'), missed(3, 'never', true)];
  const known = play(back, {
    type: 'missed',
    commands: [...commands, { ...item(4, 'now', 'running'), cancelled: false, startedAt: NOW }],
    now: NOW,
  });
  expect(known.last.filter(({ type }) => type === 'follow')).toEqual([
    { type: 'follow', number: 4, executionId: 'e3' },
    { type: 'follow', number: 3, executionId: 'e2' },
  ]);
  expect(opened(known)).toEqual(['mine', 'make']);
  const { report } = ended(4) as Extract<ReplEvent, { type: 'settled' }>;
  const never = {
    type: 'settled',
    number: 4,
    report: { ...report, reason: 'cancelled' },
    now: NOW,
  } as ReplEvent;
  expect(opened(play(known, ended(3), never))).toEqual(['mine', 'make', 'now']);
  const problem = play(back, { type: 'missed', commands: [], problem: 'refused', now: NOW });
  expect(problem.last).toContainEqual(expect.objectContaining({ type: 'print', tone: 'error' }));
  expect(opened(problem)).toEqual(['mine', 'now']);
  const purged = play(back, { type: 'missed', commands: commands.slice(2), now: NOW });
  expect(purged.last).toContainEqual(expect.objectContaining({ text: expect.stringContaining('1 command') }));
});

test('what ran in a shell whose bash was replaced meanwhile is asked for too, when its numbers go on', () => {
  const lost = {
    type: 'connection',
    connection: { state: 'retrying', reason: '', retryInMs: 1 },
    now: NOW,
  } as const;
  const cut = play(start(), view(3), lost);
  const other = (lastNumber: number) =>
    play(cut, news({ kind: 'snapshot', report: { name: 'main', cwd: '/', pid: 8, lastNumber, queue: [] } }));
  expect(other(5).last).toContainEqual({ type: 'ask-missed', after: 3, upTo: 5 });
  expect(other(2).last.map(({ type }) => type)).not.toContain('ask-missed');
});

test('a shell that was closed may count anew', () => {
  const closed = play(
    start(),
    view(8, item(8, 'old', 'running')),
    news({ kind: 'closed', message: 'closed' }),
  );
  expect(entries(play(closed, accepted(1, 'new')))).toEqual([
    '1 old running elsewhere',
    '2 new queued elsewhere',
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
    news({ kind: 'bash-ended', message: 'bash exited with 0', cwd: '/' }),
    lost,
    ...line('ls'),
  );
  expect(launches(play(restarted, snapshot(undefined)))).toEqual(['ls']);
});
