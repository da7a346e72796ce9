import { expect, test } from 'vitest';
import { commandText } from '../../../src/devbox/engine/command-text.ts';
import { parsePs } from '../../../src/devbox/engine/processes/process-table.ts';

test('the text is left alone but for the status under errexit', () => {
  const shielded = (command: string) => `${command}\n\n__nsh_s=$?`;
  expect(commandText('a && b', false)).toBe('a && b');
  expect(commandText('a', true)).toBe('a');
  expect(commandText('a && b', true)).toBe(shielded('a && b'));
  expect(commandText('set -e; ! a', false)).toBe(shielded('set -e; ! a'));
  expect(commandText('cat <<X || a\nX', true)).toBe('cat <<X || a\nX');
});

test('rows of ps', () => {
  const rows = parsePs(
    '    1     0     1 Ss   Mon Nov  3 14:57:07 2025\n  812   811   812 T+   Tue Nov  4 01:02:03 2025\n',
  );
  expect(rows).toEqual([
    { pid: 1, ppid: 0, pgid: 1, sid: undefined, state: 'S', startedAt: Date.parse('2025-11-03T14:57:07') },
    {
      pid: 812,
      ppid: 811,
      pgid: 812,
      sid: undefined,
      state: 'T',
      startedAt: Date.parse('2025-11-04T01:02:03'),
    },
  ]);
});
