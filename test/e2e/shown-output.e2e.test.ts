import { expect, test } from 'vitest';
import { startTestDevbox } from '../helpers/devbox-server.ts';
import { startPlainDevbox } from '../helpers/plain-devbox.ts';
import { createPlace } from '../helpers/repl.ts';
import type { TerminalSession } from '../helpers/terminal.ts';

/** Both streams by turns, with what quoting may get wrong: quotes and a comment. */
const BY_TURNS = `for n in 1 2 3; do echo "out $n"; echo 'err '"$n" >&2; done # it's so\r`;

test.each([
  { columns: 80, rows: 24, has: 'the extension' },
  { columns: 40, rows: 14, has: 'no extension' },
])(
  'at $columns x $rows, on a devbox with $has, :set merge on keeps stderr in its place',
  async ({ has, ...size }) => {
    await using devbox = await startTestDevbox({ listen: 'tcp' });
    await using plain = await startPlainDevbox(devbox);
    await using place = createPlace();
    const url = has === 'no extension' ? plain.url : devbox.server.url;
    const env = { RUNLOOP_API_KEY: 'test-token' };
    using nsh = await place.open(['--devbox', 'local', '--base-url', url], { ...size, env });
    nsh.write('echo apart >&2\r');
    await nsh.waitFor(/^▏apart\n✓/m);
    nsh.write(':set merge on\r');
    await nsh.waitFor('merge is on');
    nsh.write(BY_TURNS);
    await nsh.waitFor(/^out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n✓ \S+$/m);
    nsh.write('cd /; X=kept; (exit 4)\r');
    await nsh.waitFor(/^✗ exit 4/m);
    nsh.write('echo "$? $PWD $X" >&2\r');
    await nsh.waitFor(/^4 \/ kept\n✓/m);
  },
);

/** Of each row of the screen that shows a text: the text, and where a colour is not the default. */
function shownRow(nsh: TerminalSession, text: string): { text: string; coloured: string } {
  const row = nsh
    .screen()
    .split('\n')
    .findIndex((line) => line.includes(text));
  const cells = nsh.styles(row);
  return {
    text: cells
      .map(({ character }) => character || ' ')
      .join('')
      .trimEnd(),
    coloured: cells
      .filter(({ color }) => color !== undefined)
      .map(({ character }) => character)
      .join(''),
  };
}

test.each([
  [40, 30],
  [80, 30],
  [200, 30],
])(
  'at %dx%d: lines without an end, progress bars, colours, tables and endless lines are shown well',
  async (columns, rows) => {
    await using place = createPlace();
    using nsh = await place.open([], { columns, rows });
    nsh.write(`${String.raw`printf 'a\033[31mred\033[0mb'; printf 'no end' >&2`}\r`);
    await nsh.waitFor(/no end⏎\n✓/);
    expect(shownRow(nsh, 'aredb⏎')).toEqual({ text: 'aredb⏎', coloured: 'red' });
    expect(shownRow(nsh, 'no end⏎')).toEqual({ text: '▏no end⏎', coloured: '▏' });
    // While it runs the last state stands in the live frame, and afterwards once in the scrollback.
    nsh.write(`${String.raw`for n in 10 55 100; do printf '\r%d%% [%-9s]' $n '###'; done; sleep 1000`}\r`);
    await nsh.waitFor('100% [###      ]');
    nsh.write('\x03');
    await nsh.waitFor(/^100% \[### {6}\]⏎\n✗ exit 130/m);
    expect(nsh.history()).not.toContain('55%');
    const table = `printf '%-30s|%-30s|%s\\n' NAME IMAGE STATUS a b c; head -c 10000 /dev/zero | tr '\\0' x; echo`;
    nsh.write(`${table}\r`);
    await nsh.waitFor(/x\n✓/);
    const long = nsh.history().match(/^x+$/gm) ?? [];
    expect(long.map((line) => line.length)).toEqual([10_000]);
    nsh.write(':set wrap off\r');
    await nsh.waitFor('wrap is off');
    nsh.write(':rerun 3\r');
    await nsh.waitFor(/#4 [\s\S]*x…\n✓/);
    const shown = nsh.screen().split('\n');
    expect(shown.filter((line) => /^x+…$/.test(line)).map((line) => line.length)).toEqual([columns]);
    const heads = shown.filter((line) => line.startsWith('NAME '));
    expect(heads.at(-1)).toBe(
      columns < 70
        ? 'NAME                          |IMAGE   …'
        : `NAME${' '.repeat(26)}|IMAGE${' '.repeat(25)}|STATUS`,
    );
    // Late output names its command, whatever ran since.
    nsh.write('(until [ -e go ]; do sleep 0.05; done; echo late; echo wrong >&2) & true\r');
    await nsh.waitFor(/#5 [\s\S]*^✓/m);
    nsh.write('touch go\r');
    await nsh.waitFor(/^#5 ⤷ late$/m);
    await nsh.waitFor(/^#5 ⤷ wrong$/m);
    expect(shownRow(nsh, '⤷ wrong').coloured).toBe('#5 ⤷ ');
  },
);
