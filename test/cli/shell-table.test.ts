import { expect, test } from 'vitest';
import type { ShellView } from '../../src/api/extension/shell.ts';
import { shellTable } from '../../src/cli/shell-table.ts';

const NOW = 1_800_000_000_000;

function shell(view: Partial<ShellView>): ShellView {
  return {
    devbox_id: 'local',
    shell_name: 'main',
    state: 'idle',
    pid: 42,
    cwd: '/home/u',
    created_at_ms: NOW,
    last_used_at_ms: NOW - 1_000,
    queue: [],
    ...view,
  };
}

const command = (status: 'queued' | 'running') => ({
  execution_id: status,
  command: 'x',
  status,
  queued_at_ms: NOW,
});

test('columns are as wide as a terminal shows them, and other people’s text stays in its cell', () => {
  const { pid: _, ...ended } = shell({
    shell_name: 'old',
    state: 'ended',
    last_used_at_ms: NOW - 90_000_000,
  });
  const table = shellTable(
    [
      shell({}),
      shell({
        shell_name: '日本',
        state: 'running',
        pid: 12345,
        queue: [command('running'), command('queued'), command('queued')],
        last_used_at_ms: NOW - 3_600_000,
        cwd: '/tmp/\u001b[2Jx\ny',
      }),
      ended,
      shell({ shell_name: 'new', last_used_at_ms: NOW + 500, cwd: '/' }),
    ],
    NOW,
  );
  expect(table).toBe(
    [
      'NAME  STATE    PID    QUEUE  LAST USED  CWD',
      'main  idle     42     0      1s ago     /home/u',
      '日本  running  12345  2      1h ago     /tmp/^[[2Jx⏎y',
      'old   ended    -      0      25h ago    /home/u',
      'new   idle     42     0      0s ago     /',
      '',
    ].join('\n'),
  );
});

test.each([120, 80, 60, 50, 40])(
  'at %d columns no row wraps: what is needed least is left out, never a name',
  (columns) => {
    const name = '01a214e4-45a5-702f-850e-a4cbc6952192';
    const table = shellTable(
      [shell({}), shell({ shell_name: name, cwd: `/home/${'u'.repeat(80)}` })],
      NOW,
      columns,
    );
    expect(table).toContain(name);
    for (const row of table.split('\n')) expect(row.length).toBeLessThanOrEqual(columns);
    expect(table).toMatch(columns >= 60 ? / +CWD\n/ : /STATE|NAME/);
    expect(shellTable([shell({})], NOW, columns)).toContain('idle');
  },
);
