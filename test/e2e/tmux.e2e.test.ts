import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeLauncher } from '../helpers/launcher.ts';
import { createPlace, type Place } from '../helpers/repl.ts';
import { openTerminal } from '../helpers/terminal.ts';

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 14 },
];

const CTRL_D = '\x04';
const hasTmux = spawnSync('tmux', ['-V']).status === 0;

/** A tmux of the place's own. Its pane stays when nsh has ended. */
function createTmux(place: Place): {
  readonly start: (size: { columns: number; rows: number }) => ReturnType<typeof openTerminal>;
  readonly attach: (size: { columns: number; rows: number }) => ReturnType<typeof openTerminal>;
  readonly ask: (...args: string[]) => string;
} & Disposable {
  const config = path.join(place.cwd, 'tmux.conf');
  writeFileSync(config, 'set -g status off\nset -g escape-time 0\n');
  const own = ['-u', '-S', path.join(place.cwd, 'tmux'), '-f', config];
  const run = (args: readonly string[], size: { columns: number; rows: number }) =>
    openTerminal('tmux', [...own, ...args], { ...size, cwd: place.cwd, env: place.env });
  return {
    start: (size) => run(['new-session', `${writeLauncher(place)}; exec cat`], size),
    attach: (size) => run(['attach-session'], size),
    ask: (...args) => execFileSync('tmux', [...own, ...args], { encoding: 'utf8' }).trimEnd(),
    [Symbol.dispose]: () => spawnSync('tmux', [...own, 'kill-server']),
  };
}

describe.each(sizes)('at $columns x $rows', (size) => {
  test('inside tmux: drawn, resized while it prints, left and attached again; each line once', async ({
    skip,
  }) => {
    skip(!hasTmux, 'there is no tmux on this machine');
    await using place = createPlace();
    execFileSync('mkfifo', [path.join(place.cwd, 'gate')]);
    using tmux = createTmux(place);
    const screen = () => tmux.ask('capture-pane', '-p');
    const all = () => tmux.ask('capture-pane', '-p', '-J', '-S', '-').replaceAll(/ +$/gm, '');
    const numbers = () => [...all().matchAll(/^(\d+)$/gm)].map(([number]) => Number(number));
    const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
    {
      using outer = tmux.start(size);
      await outer.waitFor(/❯\s*\nmain · local .*connected$/);
      expect(screen()).toMatch(/❯\s*\nmain · local .*connected$/);
      outer.write('seq 100\r');
      await outer.waitFor(() => /^100\n✓/m.test(all()));
      outer.write('echo 語 é');
      const cursor = () => tmux.ask('display-message', '-p', '#{cursor_x} #{cursor_y} #{cursor_flag}');
      await outer.waitFor(() => {
        const row = screen().split('\n').indexOf('❯ echo 語 é');
        return row > 0 && cursor() === `${'❯ echo '.length + 4} ${row} 1`;
      });
      // Never below 3/4 of its width at once: that may leave ghosts.
      outer.write('\x15seq 101 300; read -r go <gate; seq 301 400\rhalf a line');
      for (const [wider, rows] of [
        [2, size.rows + 10],
        [1.6, size.rows - 4],
        [1.25, size.rows + 2],
        [1, size.rows],
      ] as const) {
        outer.resize(size.columns * wider, rows);
        await outer.waitFor(
          () => tmux.ask('display-message', '-p', '#{pane_width}') === `${size.columns * wider}`,
        );
      }
      await outer.waitFor(() =>
        /^300\n(?:.*\n)*.*running.*\n❯ half a line\nmain .*connected$/m.test(screen()),
      );
      expect(numbers()).toEqual(upTo(300));
      expect(screen().match(/^❯/gm)).toHaveLength(1);
      tmux.ask('detach-client');
      await outer.exited;
    }
    // What it prints while nobody looks is there for who comes.
    writeFileSync(path.join(place.cwd, 'gate'), 'go\n');
    using outer = tmux.attach(size);
    await outer.waitFor(/^400\n✓.*\n❯ half a line\nmain .*connected$/m);
    expect(numbers()).toEqual(upTo(400));
    outer.write(`\x15${CTRL_D}`);
    await outer.waitFor('SAME');
    const flags = ['alternate_on', 'cursor_flag', 'wrap_flag', 'mouse_any_flag', 'keypad_cursor_flag'];
    expect(tmux.ask('display-message', '-p', flags.map((flag) => `#{${flag}}`).join(' '))).toBe('0 1 1 0 0');
    expect(all()).toMatch(/detached from main/);
  });
});
