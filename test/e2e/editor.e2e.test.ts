import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { palette } from '../../src/repl/output/palette.ts';
import { createPlace, type Place } from '../helpers/repl.ts';
import type { CellStyle, TerminalSession } from '../helpers/terminal.ts';

const CTRL_X_CTRL_E = '\x18\x05';

const sizes = [
  [80, 24],
  [40, 14],
] as const;

/**
 * A full-screen editor as small as can be: its own raw mode and alternate screen, one key appends a line, `q` saves
 * and ends, `!` ends with an error.
 */
function fullScreenEditor(place: Place): string {
  const file = path.join(place.cwd, 'tiny-vi');
  writeFileSync(
    file,
    `#!/usr/bin/env bash
before=$(stty -g)
printf '\\033[?1049h\\033[Hediting, echo %s\\n' "$(stty -a | grep -o -- '-\\?echo\\b')"
cat "$1"
stty raw -echo
while key=$(dd bs=1 count=1 2>/dev/null); do
  case $key in
    q) status=0; break ;;
    '!') status=1; break ;;
    *) printf 'echo "added %s"\\n' "$key" >>"$1"; printf 'got %s\\r\\n' "$key" ;;
  esac
done
stty "$before"
printf '\\033[?1049l'
exit $status
`,
    { mode: 0o755 },
  );
  return file;
}

test.each(sizes)(
  'at %dx%d: Ctrl-X Ctrl-E gives the terminal to $EDITOR and takes it back',
  async (columns, rows) => {
    await using place = createPlace();
    using nsh = await place.open([], { columns, rows, env: { EDITOR: fullScreenEditor(place) } });
    nsh.write('for i in 1 2 3 4; do echo "tick $i"; sleep 1; done\r');
    await nsh.waitFor(/^▏?tick 1$/m);
    nsh.write('echo "first"');
    await nsh.waitFor('❯ echo "first"');
    nsh.write(CTRL_X_CTRL_E);
    const inside = await nsh.waitFor('editing');
    expect(inside).toContain('editing, echo echo');
    expect(inside).not.toContain('❯');
    expect(nsh.modes()).toMatchObject({ bracketedPasteMode: false, alternateScreen: true });
    nsh.write('a');
    await nsh.waitFor('got a');
    // What the running command prints meanwhile must not disturb the editor's screen.
    expect(nsh.screen()).not.toContain('tick');
    nsh.write('q');
    await nsh.waitFor((screen) => screen.includes('❯ echo "first"') && screen.includes('· echo "added a"'));
    expect(nsh.modes()).toMatchObject({ bracketedPasteMode: true, alternateScreen: false });
    await nsh.waitFor(/✓ \S+/);
    expect(nsh.history().match(/tick \d$/gm)).toEqual(['tick 1', 'tick 2', 'tick 3', 'tick 4']);
    nsh.write('\r');
    await nsh.waitFor(/^▏?first\n▏?added a$/m);
  },
);

test.each(sizes)(
  'at %dx%d: an editor that fails, and one that is not there, keep the line and are told',
  async (columns, rows) => {
    await using place = createPlace();
    {
      using nsh = await place.open([], { columns, rows, env: { EDITOR: fullScreenEditor(place) } });
      nsh.write(`echo kept${CTRL_X_CTRL_E}`);
      await nsh.waitFor('editing');
      nsh.write('x!');
      await nsh.waitFor('ended with exit status 1');
      await nsh.waitFor('❯ echo kept');
    }
    using nsh = await place.open([], { columns, rows, env: { VISUAL: 'missing-editor --wait' } });
    // Typed ahead: it comes behind the text, in order.
    nsh.write(`echo kept${CTRL_X_CTRL_E} too`);
    await nsh.waitFor(/There is no editor `missing-editor\s+--wait`/);
    await nsh.waitFor('❯ echo kept too');
  },
);

test('Ctrl-C inside an editor that does not take it as a key ends neither nsh nor the command', async () => {
  await using place = createPlace();
  const editor = path.join(place.cwd, 'line-editor');
  writeFileSync(
    editor,
    `#!/bin/sh\ntrap 'echo got INT' INT\necho ready\nuntil read line; do :; done\necho "$line" >"$1"\n`,
    {
      mode: 0o755,
    },
  );
  using nsh = await place.open([], { env: { VISUAL: editor } });
  nsh.write(CTRL_X_CTRL_E);
  await nsh.waitFor('ready');
  nsh.write('\x03');
  await nsh.waitFor('got INT');
  nsh.write('echo replaced\n');
  await nsh.waitFor('❯ echo replaced');
});

test.each(sizes)(
  'at %dx%d: a pasted megabyte is edited in a window, never sent, and keys work in it',
  async (columns, rows) => {
    await using place = createPlace();
    using nsh = await place.open([], { columns, rows });
    const lines = Array.from({ length: 60_000 }, (_, index) => `echo line ${index}`);
    nsh.write(`\x1b[200~${lines.join('\r')}\x1b[201~!`);
    const atEnd = await nsh.waitFor('· echo line 59999!', 60_000);
    expect(atEnd).toMatch(/^↑ echo line \d+\n· echo/m);
    expect(nsh.cursor()).toMatchObject({ column: '· echo line 59999!'.length, hidden: false });
    nsh.write('\x1b<# ');
    const atStart = await nsh.waitFor('❯ # echo line 0');
    expect(atStart).toMatch(/^↓ echo line \d+$/m);
    expect(atStart).not.toContain('running');
    // One row of the status line, and one that stays free.
    expect(atStart.split('\n').filter((row) => /^[❯·↓] /.test(row))).toHaveLength(rows - 2);
    nsh.write('\x1b[B\x1b[Bx');
    await nsh.waitFor('· ecxho line 2');
    nsh.write('\x03');
    await nsh.waitFor((screen) => !screen.includes('line'));
    nsh.write('echo after\r');
    await nsh.waitFor(/^▏?after$/m);
  },
);

test.each(sizes)('at %dx%d: the real cursor stands where the next character goes', async (columns, rows) => {
  await using place = createPlace();
  using nsh = await place.open([], { columns, rows });
  const prompt = 2;
  const at = async (column: number, row: string) => {
    await nsh.waitFor((screen) => {
      const { column: x, row: y } = nsh.cursor();
      return x === column && (screen.split('\n')[y] ?? '').trimEnd() === row;
    });
    expect(nsh.cursor().hidden).toBe(false);
  };
  nsh.write('echo 語👨‍👩‍👧e\u0301x');
  await at(prompt + 5 + 2 + 2 + 2, '❯ echo 語👨‍👩‍👧e\u0301x');
  // Left over each as one character, however many code points it has.
  nsh.write('\x1b[D\x1b[D');
  await at(prompt + 9, '❯ echo 語👨‍👩‍👧e\u0301x');
  nsh.write('\x1b[D\x1b[D');
  await at(prompt + 5, '❯ echo 語👨‍👩‍👧e\u0301x');
  nsh.write('\x1b[3~\x05');
  await at(prompt + 5 + 4, '❯ echo 👨‍👩‍👧e\u0301x');
  // A full row: the cursor goes to the next one.
  const rest = columns - 1 - prompt - 9;
  nsh.write('y'.repeat(rest));
  await at(prompt, '·');
  nsh.write('\x1b\rsecond');
  await at(prompt + 6, '· second');
  nsh.write('\x1b[A');
  await nsh.waitFor(() => nsh.cursor().column === prompt + 5);
});

/** The characters of the prompt's row that look so, in order. */
function looking(nsh: TerminalSession, like: (style: CellStyle) => boolean): string {
  const row = nsh
    .screen()
    .split('\n')
    .findIndex((text) => text.startsWith('❯'));
  return nsh
    .styles(row)
    .slice(2)
    .filter(like)
    .map(({ character }) => character)
    .join('');
}

test.each(sizes)(
  'at %dx%d: commands, strings, comments and what is open are told apart',
  async (columns, rows) => {
    await using place = createPlace();
    using nsh = await place.open([], { columns, rows });
    nsh.write('ls "ä b" $(pwd) # c');
    await nsh.waitFor('# c');
    expect(looking(nsh, ({ bold }) => bold)).toBe('lspwd');
    expect(looking(nsh, ({ color }) => color === palette.success)).toBe('"ä b"');
    expect(looking(nsh, ({ dim }) => dim)).toBe('# c');
    nsh.write('\x15echo "open');
    await nsh.waitFor('❯ echo "open');
    expect(looking(nsh, ({ color, underline }) => color === palette.failure && underline)).toBe('"');
  },
);

test.each(sizes)('at %dx%d: NO_COLOR leaves the text plain', async (columns, rows) => {
  await using place = createPlace();
  using nsh = await place.open([], { columns, rows, env: { NO_COLOR: '1' } });
  nsh.write('ls "a');
  await nsh.waitFor('❯ ls "a');
  expect(
    looking(nsh, ({ bold, dim, underline, color }) => bold || dim || underline || color !== undefined),
  ).toBe('');
});

test.each(sizes)('at %dx%d: the vi keys are a setting, and the mode is shown', async (columns, rows) => {
  await using place = createPlace();
  {
    using nsh = await place.open([], { columns, rows });
    nsh.write(':set keys vi\r');
    await nsh.waitFor(/^❯ *$/m);
    nsh.write('echo two');
    await nsh.waitFor('❯ echo two');
    expect(nsh.screen()).not.toContain('normal');
    nsh.write('\x1b');
    await nsh.waitFor(/^❮ echo two[\s\S]*^normal · main/m);
    expect(nsh.cursor().column).toBe('❮ echo tw'.length);
    // What has begun of a command is shown, too.
    nsh.write('d');
    await nsh.waitFor(/^normal d · main/m);
    nsh.write('b');
    await nsh.waitFor(/^❮ echo o$/m);
    nsh.write('sone');
    await nsh.waitFor(/^❯ echo one$/m);
    // Escape and a key in one read.
    nsh.write('\x1bu');
    await nsh.waitFor(/^❮ echo o$/m);
    nsh.write('U\r');
    await nsh.waitFor(/^▏?one$/m);
    nsh.write('\x04');
    await nsh.exited;
  }
  using nsh = await place.open([], { columns, rows });
  nsh.write('kept\x1b');
  await nsh.waitFor('❮ kept');
});
