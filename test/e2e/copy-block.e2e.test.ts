import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createPlace } from '../helpers/repl.ts';
import { openTerminal } from '../helpers/terminal.ts';

const sizes = [
  [80, 24],
  [40, 14],
] as const;

test.each(sizes)(
  'at %dx%d: :copy writes the clipboard, as plain text; :rerun sends a command once more',
  async (columns, rows) => {
    await using place = createPlace();
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

const hasTmux = spawnSync('tmux', ['-V']).status === 0;

test.skipIf(!hasTmux)(
  'inside tmux :copy goes to its buffer and to the clipboard of the terminal outside',
  async () => {
    await using place = createPlace();
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
