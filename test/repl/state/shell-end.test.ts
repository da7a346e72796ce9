import { expect, test } from 'vitest';
import type { ReplEvent } from '../../../src/repl/state/event.ts';
import { defaultSettings } from '../../../src/repl/state/settings.ts';
import { launched, line, NOW, type Played, play, start } from './play.ts';

const coloured = () => start({ settings: { ...defaultSettings, color: 'on' } });
const launches = ({ effects }: Played) =>
  effects.flatMap((effect) => (effect.type === 'launch' ? [effect.command] : []));
const printed = ({ effects }: Played) =>
  effects.flatMap((effect) => (effect.type === 'print' ? [effect.text] : []));

function shellEnded(number: number): ReplEvent {
  const report = {
    kind: 'completed',
    exitStatus: 0,
    reason: 'shell_ended',
    message: 'bash exited with 0',
    cwd: '/home/user',
    durationMs: 1,
    freshShell: false,
  } as const;
  return { type: 'settled', number, now: NOW, report };
}

const exited = (from: Played) => play(from, ...line('exit'), launched(1), shellEnded(1));

test('what comes after the end is told', () => {
  expect(printed(exited(start())).at(-1)).toMatch(/starts a fresh shell, :restore .*, Ctrl-D leaves/);
});

test('of a shell that is gone, or with its devbox, nothing is offered to be restored', () => {
  const running = play(start(), ...line('sleep 9'), launched(1));
  const closed: ReplEvent = {
    type: 'shell-news',
    news: { kind: 'closed', message: 'the devbox was suspended' },
    now: NOW,
  };
  expect(printed(play(running, closed, shellEnded(1))).at(-1)).toBe(
    'The next command starts a fresh shell, Ctrl-D leaves.',
  );
  const suspended: ReplEvent = {
    type: 'devbox-news',
    news: { trouble: 'suspended', told: 'It is suspended.', shellsGone: true },
    now: NOW,
  };
  expect(printed(play(running, suspended, shellEnded(1))).at(-1)).toBe('It is suspended.');
  const bash: ReplEvent = { type: 'shell-news', news: { kind: 'bash', pid: 7, cwd: '/' }, now: NOW };
  expect(printed(play(running, closed, bash, shellEnded(1))).at(-1)).toContain(':restore');
});

test('the fresh shell gets its colours before the next line, once', () => {
  const next = play(exited(coloured()), ...line('pwd'), launched(2), launched(3), ...line('ls'), launched(4));
  expect(launches(next)).toEqual(['exit', expect.stringContaining('export FORCE_COLOR=1'), 'pwd', 'ls']);
  expect(launches(play(exited(start()), ...line('pwd')))).toEqual(['exit', 'pwd']);
});

test('one whose state was brought back has them', () => {
  const restored: ReplEvent = { type: 'restored', cwd: '/home/user', pid: 7 };
  expect(launches(play(exited(coloured()), restored, ...line('pwd')))).toEqual(['exit', 'pwd']);
});

const closed: ReplEvent = {
  type: 'shell-news',
  news: { kind: 'closed', message: 'the shell was closed' },
  now: NOW,
};

test('a shell closed from here is told of once', () => {
  const over: ReplEvent = { type: 'shell-closed', name: 'main', closed: true };
  expect(printed(play(start(), ...line(':close'), closed, over))).toEqual([':close', 'closed main']);
});

test('a bash that ended while nothing ran is told of, and what was typed for it waits', () => {
  const ended: ReplEvent = {
    type: 'shell-news',
    news: { kind: 'bash-ended', message: 'bash was ended by SIGKILL', cwd: '/tmp' },
    now: NOW,
  };
  const idle = play(start(), ended);
  expect(printed(idle)).toEqual([
    'The shell ended: bash was ended by SIGKILL.',
    expect.stringMatching(/starts a fresh shell, :restore .*, Ctrl-D leaves/),
  ]);
  expect(idle.state.shell).toMatchObject({ pid: undefined, cwd: '/tmp' });
  // Another session's line has started a fresh one: that one's end is news again.
  const bash: ReplEvent = { type: 'shell-news', news: { kind: 'bash', pid: 7, cwd: '/' }, now: NOW };
  expect(printed(play(idle, bash, ended))).toHaveLength(4);
  // With a command its end tells, whichever comes first.
  const running = play(start(), ...line('exit'), launched(1));
  const once = /starts a fresh shell/g;
  expect(
    printed(play(running, ended, shellEnded(1)))
      .join()
      .match(once),
  ).toHaveLength(1);
  expect(
    printed(play(running, shellEnded(1), ended))
      .join()
      .match(once),
  ).toHaveLength(1);
});

test('a shell closed from elsewhere: it says what follows, and the fresh one gets its colours', () => {
  const over = play(coloured(), closed);
  expect(printed(over)).toEqual([
    'main: the shell was closed',
    'The next command starts a fresh shell, Ctrl-D leaves.',
  ]);
  expect(launches(play(over, ...line('pwd')))).toEqual([expect.stringContaining('export FORCE_COLOR=1')]);
});
