import { expect, test } from 'vitest';
import type { Played } from './play.ts';
import { ended, launched, line, NOW, play, press, start } from './play.ts';

const launches = ({ effects }: Played) =>
  effects.flatMap((effect) => (effect.type === 'launch' ? [effect.command] : []));
const phases = ({ state }: Played) => state.entries.map(({ number, phase }) => `${number} ${phase}`);
const printed = ({ last }: Played) =>
  last.flatMap((effect) => (effect.type === 'print' ? [effect.text] : [])).join('\n');

test('lines leave in the order typed, with one launch on the way at a time', () => {
  const typed = play(start(), ...line('one'), ...line('two'), ...line('three'));
  expect(launches(typed)).toEqual(['one']);
  expect(phases(typed)).toEqual(['1 launching', '2 unsent', '3 unsent']);

  const second = play(typed, launched(1));
  expect(launches(second)).toEqual(['one', 'two']);
  const third = play(second, launched(2, 'queued'), launched(3, 'queued'));
  expect(launches(third)).toEqual(['one', 'two', 'three']);
  expect(phases(third)).toEqual(['1 running', '2 queued', '3 queued']);
});

test('only the first of what was sent is followed, and the next when it has ended', () => {
  const sent = play(start(), ...line('one'), ...line('two'), launched(1), launched(2, 'queued'));
  const follows = (played: Played) =>
    played.effects.flatMap((effect) => (effect.type === 'follow' ? [effect.number] : []));
  expect(follows(sent)).toEqual([1]);
  const next = play(sent, ended(1));
  expect(follows(next)).toEqual([1, 2]);
  expect(phases(next)).toEqual(['2 running']);
});

test('a block opens when its command runs and closes with its end, each once', () => {
  const played = play(
    start(),
    ...line('one'),
    launched(1, 'queued'),
    { type: 'output-began', number: 1, now: NOW },
    { type: 'output-began', number: 1, now: NOW },
    ended(1),
  );
  const blocks = played.effects.flatMap(({ type }) => (type.endsWith('-block') ? [type] : []));
  expect(blocks).toEqual(['open-block', 'close-block']);
  expect(played.state.entries).toEqual([]);
  expect(played.state.shell.cwd).toBe('/tmp');
});

test('a launch that provably did not leave is tried again and loses its place to nobody', () => {
  const failed = play(start(), ...line('one'), ...line('two'), {
    type: 'launch-failed',
    number: 1,
    failure: 'not_sent',
    message: 'connection refused',
  });
  expect(phases(failed)).toEqual(['1 unsent', '2 unsent']);
  expect(failed.last).toEqual([{ type: 'retry-launch', afterMs: 2_000 }]);
  expect(launches(play(failed, { type: 'relaunch' }))).toEqual(['one', 'one']);
});

test('a refused command ends with its reason and the next one goes', () => {
  const failed = play(start(), ...line('one'), ...line('two'), {
    type: 'launch-failed',
    number: 1,
    failure: 'refused',
    message: 'too long',
  });
  expect(launches(failed)).toEqual(['one', 'two']);
  expect(failed.last).toContainEqual({
    type: 'close-block',
    number: 1,
    report: { kind: 'lost', message: 'too long' },
  });
});

test('an unknown outcome holds what follows until Enter on an empty line', () => {
  const held = play(start(), ...line('cd build'), ...line('rm -rf *'), {
    type: 'launch-failed',
    number: 1,
    failure: 'unknown',
    message: 'it may be running',
  });
  expect(launches(held)).toEqual(['cd build']);
  expect(held.state.hold).toBeDefined();
  const released = play(held, press('enter'));
  expect(launches(released)).toEqual(['cd build', 'rm -rf *']);
  expect(released.state.hold).toBeUndefined();
});

test('what is held can be dropped, and the hold goes with the last of it', () => {
  const held = play(start(), ...line('one'), ...line('two'), {
    type: 'launch-failed',
    number: 1,
    failure: 'unknown',
    message: '',
  });
  const dropped = play(held, ...line(':cancel 2'));
  expect(dropped.state.entries).toEqual([]);
  expect(dropped.state.hold).toBeUndefined();
});

test("others' commands come from reports, keep their number, and leave with their end", () => {
  const report = (...queue: { executionId: string; command: string; status: 'queued' | 'running' }[]) =>
    ({ type: 'shell-reported', report: { name: 'main', cwd: '/srv', pid: 7, queue }, now: NOW }) as const;
  const foreign = { executionId: 'x', command: 'make', status: 'running' } as const;
  const seen = play(start(), report(foreign));
  expect(seen.state.entries).toMatchObject([{ number: 1, origin: 'elsewhere', phase: 'running' }]);
  expect(seen.state.shell.cwd).toBe('/srv');

  const own = play(seen, ...line('mine'), launched(2, 'queued'));
  const both = play(own, report(foreign, { executionId: 'e2', command: 'mine', status: 'queued' }));
  expect(phases(both)).toEqual(['1 running', '2 queued']);
  const after = play(both, report({ executionId: 'e2', command: 'mine', status: 'running' }));
  expect(after.effects).toContainEqual({ type: 'follow', number: 1, executionId: 'x' });
  expect(phases(play(after, ended(1)))).toEqual(['2 running']);
});

test('a report that knows an own command before the launch answered shows it once', () => {
  const early = play(start(), ...line('mine'), {
    type: 'shell-reported',
    now: NOW,
    report: {
      name: 'main',
      pid: 7,
      cwd: '/',
      queue: [{ executionId: 'e1', command: 'mine', status: 'running' }],
    },
  });
  const answered = play(early, launched(1));
  expect(answered.state.entries).toMatchObject([{ number: 1, origin: 'here', phase: 'running' }]);
});

test('an own command that another client cancelled is followed to learn of its end', () => {
  const queued = play(start(), ...line('one'), ...line('two'), launched(1), launched(2, 'queued'));
  const gone = play(queued, {
    type: 'shell-reported',
    now: NOW,
    report: {
      name: 'main',
      pid: 7,
      cwd: '/',
      queue: [{ executionId: 'e1', command: 'one', status: 'running' }],
    },
  });
  expect(gone.last).toContainEqual({ type: 'follow', number: 2, executionId: 'e2' });
});

test(':cancel tells queued, running and unknown numbers apart', () => {
  const sent = play(start(), ...line('one'), ...line('two'), launched(1), launched(2, 'queued'));
  expect(play(sent, ...line(':cancel 2')).last).toContainEqual({
    type: 'cancel',
    number: 2,
    name: '#2',
    executionId: 'e2',
  });
  expect(printed(play(sent, ...line(':cancel 1')))).toContain('has begun');
  expect(printed(play(sent, ...line(':cancel 9')))).toContain('no command #9');
  const late = { type: 'not-cancelled', number: 2 } as const;
  expect(printed(play(sent, ...line(':cancel 2'), late))).toContain('#2 has begun: Ctrl-C interrupts it');
  expect(printed(play(sent, ...line(':cancel')))).toContain('takes the number');
});

test('of thousands of lines 300 are on the devbox at a time; the next goes when one has ended', () => {
  const LINES = 320;
  let at = play(start(), ...Array.from({ length: LINES }, (_, index) => line(`echo ${index}`)).flat());
  for (let number = 1; number <= 300; number++)
    at = play(at, launched(number, number === 1 ? 'running' : 'queued'));
  expect(launches(at)).toHaveLength(300);
  expect(launches(play(at, ended(1)))).toHaveLength(301);
  const foreign = { kind: 'queued', executionId: 'x', command: 'theirs' } as const;
  expect(launches(play(at, { type: 'shell-news', news: foreign, now: NOW }, ended(1)))).toHaveLength(301);
});
