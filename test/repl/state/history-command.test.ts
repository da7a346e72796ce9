import { expect, test } from 'vitest';
import type { PastCommand } from '../../../src/repl/editor/past-command.ts';
import { line, NOW, type Played, play, start } from './play.ts';

const printed = ({ last }: Played) =>
  last.flatMap((effect) => (effect.type === 'print' ? [effect.text] : [])).at(-1);
const here = { devbox: 'local', shell: 'main' };
const commands: PastCommand[] = [
  { command: 'make test', at: NOW - 7_200_000, ...here, exitStatus: 2 },
  { command: 'for i in 1\ndo echo $i\ndone', at: NOW - 120_000, ...here, exitStatus: 0 },
  { command: 'other', at: NOW - 60_000, ...here, shell: 'other' },
  { command: 'theirs', at: NOW - 1_000, ...here, elsewhere: true },
];
const withPast = (past = commands) => start({ past: { devbox: 'local', commands: past, loaded: 'yes' } });

test(':history shows the last commands of this shell, how each ended and how long ago', () => {
  const shown = '✗  2h make test\n✓  2m for i in 1\n        do echo $i\n        done\n· now ⇠ theirs';
  expect(printed(play(withPast(), ...line(':history')))).toBe(shown);
});

test(':history TEXT shows those that hold it, and says when none does', () => {
  expect(printed(play(withPast(), ...line(':history test make')))).toBe('✗  2h make test');
  expect(printed(play(withPast(), ...line(':history zzz')))).toBe(
    'Nothing in the history of this shell holds zzz.',
  );
});

test(':history shows no more than 20', () => {
  const many = Array.from({ length: 50 }, (_, at) => ({ command: `c${at}`, at, ...here }));
  const rows = printed(play(withPast(many), ...line(':history')))?.split('\n') ?? [];
  expect(rows).toHaveLength(20);
  expect(rows.at(-1)).toContain('c49');
});
