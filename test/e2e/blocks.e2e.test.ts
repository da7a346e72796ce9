import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { sgrColour } from '../../src/repl/output/palette.ts';
import { startTestDevbox } from '../helpers/devbox-server.ts';
import { startPlainDevbox } from '../helpers/plain-devbox.ts';
import { createPlace, type Place } from '../helpers/repl.ts';
import { openTerminal, type TerminalSession } from '../helpers/terminal.ts';

const sizes = [
  [80, 24],
  [40, 14],
] as const;

/** A pager as small as can be: keeps what it is given, draws on the alternate screen, ends with a key. */
function smallPager(place: Place): {
  readonly command: string;
  readonly file: string;
  readonly given: () => string;
} {
  const file = path.join(place.cwd, 'small-pager');
  const kept = path.join(place.cwd, 'paged');
  writeFileSync(
    file,
    `#!/usr/bin/env bash
cat >"$1"
before=$(stty -g </dev/tty)
printf '\\033[?1049h\\033[Hpaging %s lines' "$(wc -l <"$1")"
stty raw -echo </dev/tty
dd bs=1 count=1 2>/dev/null </dev/tty >/dev/null
stty "$before" </dev/tty
[ -n "$SLOW" ] && printf 'cooked again' && sleep 0.3
printf '\\033[?1049l'
`,
    { mode: 0o755 },
  );
  return { command: `${file} ${kept}`, file: kept, given: () => readFileSync(kept, 'utf8') };
}

test.each(sizes)('at %dx%d: :show opens a block whole in $PAGER', async (columns, rows) => {
  using place = createPlace();
  const pager = smallPager(place);
  using nsh = await place.open([], { columns, rows, env: { PAGER: pager.command, SLOW: '1' } });
  nsh.write(
    String.raw`seq 3000; printf 'hostile \033]52;c;aGk=\a\033[2J\033[32mgreen\033[0m\n'; printf 'no ending'` +
      '\r',
  );
  await nsh.waitFor(/no ending⏎\n✓/);
  nsh.write(':show 1\r');
  await nsh.waitFor('paging 3004 lines');
  expect(nsh.screen()).not.toContain('❯');
  const numbers = Array.from({ length: 3000 }, (_, index) => `${index + 1}\n`).join('');
  expect(pager.given()).toContain(
    `${numbers}hostile \x1b[32mgreen\x1b[0m\nno ending\x1b[2m⏎\x1b[0m\n\x1b[${sgrColour('success')}m✓`,
  );
  expect(nsh.modes()).toMatchObject({ bracketedPasteMode: false, alternateScreen: true });
  nsh.write('q');
  await nsh.waitFor('❯');
  expect(nsh.modes()).toMatchObject({ bracketedPasteMode: true, alternateScreen: false });

  // Where the copy of this machine made room, the devbox has it.
  const copies = path.join(place.env.NSH_STATE_DIR ?? '', 'output');
  for (const name of readdirSync(copies)) rmSync(path.join(copies, name));
  writeFileSync(pager.file, '');
  nsh.write(':show 1\r');
  await nsh.waitFor('paging 3004 lines');
  expect(pager.given()).toContain(`${numbers}hostile`);
  // What is typed while the pager gives the terminal back is not lost, and Enter is Enter.
  nsh.write('q');
  await nsh.waitFor('cooked again');
  nsh.write('echo so far; sleep 1000\r');
  await nsh.waitFor(/^so far$/m);
  nsh.write('echo waits\r:show 3\r');
  await nsh.waitFor('#3 has not begun');
  nsh.write(':show 9\r:show none\r');
  await nsh.waitFor(/no block #9[\s\S]*:show takes the number/);
  // The newest, when no number is given.
  nsh.write(':show\r');
  await nsh.waitFor('paging 3 lines');
  expect(pager.given()).toContain(
    `so far\n\x1b[${sgrColour('muted')}m… #2 still runs, this is its output so far.\x1b[0m\n`,
  );
  nsh.write('q');
  await nsh.waitFor('❯');
});

test.each(sizes)(
  'at %dx%d: :copy writes the clipboard, as plain text; :rerun sends a command once more',
  async (columns, rows) => {
    using place = createPlace();
    using nsh = await place.open([], { columns, rows });
    const copies = () =>
      [...nsh.raw().matchAll(/\x1b\]52;c;([^\x07]*)\x07/g)].map(([, text = '']) =>
        Buffer.from(text, 'base64').toString(),
      );
    nsh.write(`${String.raw`printf 'a\tb \033[31mred\033[0m \033]52;c;aGk=\a10%%\r20%%\n'; echo ä`}\r`);
    await nsh.waitFor(/^ä\n✓/m);
    expect(copies()).toEqual([]);
    nsh.write(':copy 1\r');
    await nsh.waitFor('copied 20 bytes of #1');
    expect(copies()).toEqual(['20%     b red 10%\nä']);
    nsh.write('true\r');
    await nsh.waitFor(/#2 true\n✓/);
    nsh.write(':copy\r');
    await nsh.waitFor('#2 has no output');
    nsh.write('seq 20000\r');
    await nsh.waitFor(/^20000\n✓/m);
    nsh.write(':copy #3\r');
    await nsh.waitFor('#3 printed more than the 74,994');
    expect(copies()).toHaveLength(1);

    nsh.write('FOO=$((FOO + 1)); echo "times  $FOO"\r');
    await nsh.waitFor(/^times {2}1\n✓/m);
    nsh.write(':rerun 4\r');
    await nsh.waitFor(/#5 FOO=[\s\S]*^times {2}2\n✓/m);
    // It is in the history as if it were typed.
    nsh.write('\x1b[A');
    await nsh.waitFor('❯ FOO=$((FOO + 1))');
  },
);

test.each(sizes)(
  'at %dx%d: :grep finds lines in the output of the session, and no pattern stops the keys',
  async (columns, rows) => {
    using place = createPlace();
    using nsh = await place.open([], { columns, rows });
    nsh.write(':grep early\r');
    await nsh.waitFor('Nothing has run yet');
    nsh.write('seq 1000 | sed "s/^/line /"; printf "%300s needle\\n" Before\r');
    await nsh.waitFor(/needle\n✓/);
    nsh.write('printf "%060d!\\n" 0 | tr 0 a\r');
    await nsh.waitFor(/a!\n✓/);
    nsh.write(':grep LINE .*77$\r');
    await nsh.waitFor('No line matches LINE .*77$');
    nsh.write(':grep line .*77$\r');
    const found = await nsh.waitFor('10 lines in 1 of 2 commands');
    expect(found).toMatch(/^#1:677: line 677\n#1:777: line 777\n#1:877: line 877\n#1:977: line 977$/m);
    // A long line is cut around what matches, to one row.
    nsh.write(':grep Needle|before\r');
    await nsh.waitFor('No line matches Needle');
    nsh.write(':grep needle\r');
    const cut = await nsh.waitFor('1 line in 1 of 2 commands');
    expect(cut).toMatch(/^#1:1001: … +Before needle$/m);
    nsh.write(':grep (a+)+$\r');
    nsh.write('typed meanwhile');
    await nsh.waitFor('The pattern takes too long');
    await nsh.waitFor('❯ typed meanwhile');
    nsh.write('\x15:grep (\r');
    await nsh.waitFor('`(` is no regular expression:');
  },
);

test.each(sizes)(
  'at %dx%d: each command is marked for the terminal, and a long one calls when it ends out of focus',
  async (columns, rows) => {
    using place = createPlace();
    using nsh = await place.open([], { columns, rows });
    nsh.write('echo out; echo more; (exit 3)\r');
    await nsh.waitFor(/^✗ exit 3/m);
    // Silent for a while: the frame is drawn anew below its header.
    nsh.write('read <<< x\r');
    await nsh.waitFor(/#2 read[\s\S]*^✓/m);
    nsh.write('for n in 1 2; do\recho "line $n"; done\r');
    await nsh.waitFor(/^line 2\n✓/m);
    nsh.resize(columns + 7, rows);
    nsh.write(':set marks off\r');
    await nsh.waitFor('marks is off');
    nsh.write('echo unmarked\r');
    await nsh.waitFor(/^unmarked\n✓/m);
    // What is marked twice counts where it is marked last: the first time is to end the prompt at once.
    const marks = nsh
      .marks()
      .filter(({ what }, index, all) => !(what === 'C' && all[index + 1]?.what === 'C'));
    const text = (mark: (typeof marks)[number] | undefined) => mark?.text.replace(/[\d.]+m?s$/, 'time');
    expect(marks.map((mark) => `${mark.what} @${mark.column} ${text(mark)}`)).toEqual([
      'A;redraw=0 @0 #1 echo out; echo more; (exit 3)',
      'B @3 #1 echo out; echo more; (exit 3)',
      'C @0 out',
      'D;3 @0 ✗ exit 3 · time',
      'A;redraw=0 @0 #2 read <<< x',
      'B @3 #2 read <<< x',
      'C @0 ✓ time',
      'D;0 @0 ✓ time',
      'A;redraw=0 @0 #3 for n in 1 2; do',
      'B @3 #3 for n in 1 2; do',
      'C @0 line 1',
      'D;0 @0 ✓ time',
    ]);

    expect(nsh.modes()).toMatchObject({ sendFocusMode: true });
    nsh.write(':set notify-after 0\r');
    await nsh.waitFor('notify-after is 0');
    nsh.write('echo seen\r');
    await nsh.waitFor(/^seen\n✓/m);
    expect(nsh.bells()).toBe(0);
    const lost = '\x1b[O';
    nsh.write(`echo unseen\r${lost}`);
    await nsh.waitFor(/^unseen\n✓/m);
    await nsh.waitFor(() => nsh.bells() === 1);
    nsh.write(`:set notify osc9\r${lost}`);
    await nsh.waitFor('notify is osc9');
    nsh.write(`${String.raw`true $'\a\e]52;c;aGk=\a'; false`}\r${lost}`);
    await nsh.waitFor(/^✗ exit 1/m);
    await nsh.waitFor(() =>
      nsh.raw().includes(String.raw`]9;#7 true $'\a\e]52;c;aGk=\a'; false ✗ exit 1 · `),
    );
    nsh.write('\x1b[I:set notify osc777\r');
    await nsh.waitFor('notify is osc777');
    nsh.write('echo seen again\r');
    await nsh.waitFor(/^seen again\n✓/m);
    expect(nsh.raw()).not.toContain(']777');
    nsh.write('\x04');
    await nsh.exited;
    expect(nsh.modes()).toMatchObject({ sendFocusMode: false });
  },
);

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
    using place = createPlace();
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
    using place = createPlace();
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

const hasTmux = spawnSync('tmux', ['-V']).status === 0;

test.skipIf(!hasTmux)(
  'inside tmux :copy goes to its buffer and to the clipboard of the terminal outside',
  async () => {
    using place = createPlace();
    const socket = path.join(place.cwd, 'tmux');
    const cli = new URL('../../dist/cli.js', import.meta.url).pathname;
    const run = ['-S', socket, '-f', '/dev/null', 'new-session', process.execPath, cli];
    using outer = openTerminal('tmux', run, { cwd: place.cwd, env: place.env });
    await outer.waitFor('❯');
    outer.write('echo to be copied\r');
    await outer.waitFor(/^to be copied\n✓/m);
    outer.write(':copy 1\r');
    await outer.waitFor('copied 12 bytes of #1, by tmux');
    await outer.waitFor(() =>
      outer.raw().includes(`\x1b]52;;${Buffer.from('to be copied').toString('base64')}`),
    );
    outer.write('\x04');
    await outer.exited;
  },
);
