import { expect, test } from 'vitest';
import type { ShellCommand } from '../../../src/repl/state/event.ts';
import { ended, launched, line, NOW, type Played, play, press, start } from './play.ts';

const ran = (executionId: string, command: string, changes: Partial<ShellCommand> = {}): ShellCommand => ({
  executionId,
  command,
  sentAt: NOW - 1_000,
  exitStatus: 0,
  ...changes,
});
const told = (...commands: ShellCommand[]) => ({ type: 'shell-commands', commands }) as const;
const past = ({ state }: Played) => state.past.commands;
const remembered = ({ last }: Played) =>
  last.flatMap((effect) => (effect.type === 'remember' ? effect.lines : []));

test('what ran from elsewhere is in the history, marked and kept; what was typed here is there once', () => {
  const typed = play(start(), ...line('mine'), launched(1), ended(1));
  const elsewhere = play(typed, told(ran('e1', 'mine'), ran('x', 'theirs', { exitStatus: 3 })));
  expect(past(elsewhere)).toMatchObject([
    { command: 'theirs', executionId: 'x', exitStatus: 3, elsewhere: true },
    { command: 'mine', executionId: 'e1', exitStatus: 0 },
  ]);
  expect(remembered(elsewhere)).toEqual([
    { command: 'theirs', typedAt: NOW - 1_000, executionId: 'x', exitStatus: 3, elsewhere: true },
  ]);
  const again = play(elsewhere, told(ran('e1', 'mine'), ran('x', 'theirs')));
  expect(again.last).toEqual([]);
  expect(past(again)).toHaveLength(2);
});

test('leading spaces, what a program wrote at length, and an own command on its way stay out', () => {
  const launching = play(start(), ...line('mine'));
  const played = play(
    launching,
    told(ran('a', ' secret'), ran('b', 'x'.repeat(20_000)), ran('c', 'mine'), ran('d', '\n')),
  );
  expect(past(played)).toMatchObject([{ command: 'mine' }]);
  expect(played.last).toEqual([]);
});

test('Ctrl-R finds it, Up does not', () => {
  const played = play(start(), told(ran('x', 'theirs')));
  expect(play(played, press('up')).state.editor.buffer.text).toBe('');
  expect(play(played, press('ctrl+r')).state.search?.scan.matches).toMatchObject([{ command: 'theirs' }]);
});

test('another session’s command is taken when it ends, an earlier REPL’s own gets its exit status', () => {
  const own = { command: 'make', at: NOW - 9_000, devbox: 'local', shell: 'main', executionId: 'x1' };
  const queue = [
    { executionId: 'x1', command: 'make', status: 'running' },
    { executionId: 'x2', command: 'theirs', status: 'queued' },
  ] as const;
  const seen = play(start({ past: { devbox: 'local', commands: [own], loaded: 'yes' } }), {
    type: 'shell-reported',
    report: { name: 'main', cwd: '/', pid: 7, queue },
    now: NOW,
  });
  const first = play(seen, ended(1, 2));
  expect(past(first)).toEqual([{ ...own, exitStatus: 2 }]);
  expect(remembered(first)).toEqual([
    { command: 'make', typedAt: NOW - 9_000, executionId: 'x1', exitStatus: 2 },
  ]);
  const second = play(first, ended(2));
  expect(past(second)[1]).toMatchObject({
    command: 'theirs',
    executionId: 'x2',
    exitStatus: 0,
    elsewhere: true,
  });
  expect(remembered(second)).toHaveLength(1);
  const typed = play(second, { type: 'typed-here', executionIds: ['x2'] });
  expect(past(typed)[1]).toEqual({ ...past(second)[1], elsewhere: undefined });
  expect(past(typed)[1]).not.toHaveProperty('elsewhere');
});
