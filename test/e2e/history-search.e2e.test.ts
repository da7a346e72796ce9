import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createPlace } from '../helpers/repl.ts';
import type { TerminalSession } from '../helpers/terminal.ts';

const CTRL_D = '\x04';
const CTRL_G = '\x07';
const CTRL_R = '\x12';
const UP = '\x1b[A';
const RIGHT = '\x1b[C';

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 14 },
];

async function run(nsh: TerminalSession, command: string): Promise<void> {
  const before = ends(nsh.history());
  nsh.write(`${command}\r`);
  await nsh.waitFor(() => ends(nsh.history()) > before);
}
const ends = (text: string) => text.split('\n').filter((row) => /^[✓✗] /.test(row)).length;

test.each(sizes)('Ctrl-R finds, narrows, goes back and runs, at $columns x $rows', async (size) => {
  await using place = createPlace();
  using nsh = await place.open([], size);
  for (const command of ['echo apple', 'sh -c "exit 7"', 'echo banana', 'echo apple pie'])
    await run(nsh, command);
  nsh.write('half a line');
  await nsh.waitFor('❯ half a line');
  nsh.write(`${CTRL_R}`);
  await nsh.waitFor('search this shell: half a line');
  nsh.write('\x15apple');
  await nsh.waitFor(/^› ✓ +\S+ echo apple pie\nsearch this shell: apple\n1\/2 · exit 0/m);
  expect(nsh.screen()).toMatch(/^ {2}✓ +\S+ echo apple$/m);
  expect(nsh.screen()).not.toMatch(/^. ✓ +\S+ echo banana/m);
  nsh.write(CTRL_R);
  await nsh.waitFor(/^› ✓ +\S+ echo apple$/m);
  nsh.write(CTRL_G);
  await nsh.waitFor((screen) => screen.includes('❯ half a line') && !screen.includes('search this shell'));

  nsh.write(`\x15${CTRL_R}exit`);
  await nsh.waitFor(/^› ✗ +\S+ sh -c "exit 7"\nsearch this shell: exit\n1\/1 · exit 7/m);
  nsh.write(RIGHT);
  await nsh.waitFor('❯ sh -c "exit 7"');
  nsh.write(`\x15${CTRL_R}banana`);
  await nsh.waitFor(/^› ✓ +\S+ echo banana$/m);
  nsh.write('\r');
  await nsh.waitFor((screen) => nsh.history().split(/^banana$/m).length === 3 && !screen.includes('search'));
});

test.each(sizes)(
  'Tab looks into other shells, at $columns x $rows; leading spaces leave no trace',
  async (size) => {
    await using place = createPlace();
    {
      using other = await place.open(['other'], size);
      await run(other, 'echo from the other');
      await run(other, ' echo secret word');
      other.write(CTRL_D);
      await other.exited;
    }
    using nsh = await place.open([], size);
    await run(nsh, 'echo here');
    nsh.write(CTRL_R);
    await nsh.waitFor(/^› ✓ +\S+ echo here$/m);
    nsh.write('other');
    await nsh.waitFor('nothing matches');
    nsh.write('\t');
    await nsh.waitFor(/^› ✓ +\S+ other: echo from the other\nsearch this devbox: other/m);
    nsh.write('\x15secret');
    await nsh.waitFor('nothing matches');
    nsh.write(`\x15${UP}`);
    await nsh.waitFor(/^› ✓ +\S+ other: echo from the other$/m);
    nsh.write('\t');
    await nsh.waitFor(/search everywhere: *\n/);
  },
);

test.each(sizes)(
  'the cursor stands in the query, the matches are marked, and no row is lost when the list goes, at $columns x $rows',
  async (size) => {
    await using place = createPlace();
    using nsh = await place.open([], size);
    for (const word of ['one', 'two', 'three']) await run(nsh, `echo ${word}`);
    await nsh.waitFor(/^✓ \S+\n❯ *\nmain/m);
    const before = nsh.history();
    nsh.write(`${CTRL_R}o t`);
    await nsh.waitFor('search this shell: o t');
    await nsh.waitFor(/^› ✓ .* echo three$/m);
    const { column, row } = nsh.cursor();
    expect(nsh.screen().split('\n')[row]).toBe('search this shell: o t');
    expect(column).toBe('search this shell: o t'.length);
    expect(nsh.raw()).toMatch(/\x1b\[4m[^m]*t/);
    nsh.write(CTRL_G);
    await nsh.waitFor((screen) => !screen.includes('search this shell'));
    expect(nsh.history()).toBe(before);
  },
);

test.each(sizes)(
  'of 100,000 commands the oldest is found, and the newest is there at once, at $columns x $rows',
  async (size) => {
    await using place = createPlace();
    const folder = path.join(place.env.NSH_STATE_DIR ?? '', 'history/local');
    place.run(['-c', 'true', 'main']);
    mkdirSync(folder, { recursive: true });
    const records = Array.from({ length: 99_999 }, (_, t) =>
      JSON.stringify({ t, cmd: `echo number ${t}`, exit: 0 }),
    );
    writeFileSync(
      path.join(folder, 'main.jsonl'),
      `{"t":0,"cmd":"echo the needle"}\n${records.join('\n')}\n`,
    );
    using nsh = await place.open([], size);
    nsh.write(UP);
    await nsh.waitFor('❯ echo number 99998');
    nsh.write(`\x15${CTRL_R}needle`);
    await nsh.waitFor(/^› · +\S+ echo the needle\nsearch this shell: needle\n1\/1 /m);
  },
);

test.each(sizes)(
  'what ran on this shell from elsewhere is found, marked, and is still known when the devbox forgot it, at $columns x $rows',
  async (size) => {
    await using place = createPlace();
    place.run(['main'], 'sh -c "exit 4"\necho from a script\n');
    {
      using nsh = await place.open([], size);
      nsh.write(CTRL_R);
      await nsh.waitFor(/^› ✓ +\S+ ⇠ echo from a script\nsearch this shell: *\n1\/2 · exit 0/m);
      expect(nsh.screen()).toMatch(/^ {2}✗ +\S+ ⇠ sh -c "exit 4"$/m);
      nsh.write(`${CTRL_G}${CTRL_D}`);
      await nsh.exited;
    }
    place.run(['stop']);
    using nsh = await place.open([], size);
    await run(nsh, 'echo typed');
    nsh.write(CTRL_R);
    await nsh.waitFor(/^› ✓ +\S+ echo typed$/m);
    nsh.write('script');
    await nsh.waitFor(/^› ✓ +\S+ ⇠ echo from a script$/m);
  },
);

test.each(sizes)(
  'a line typed in another REPL on the shell is in both histories, and after that once, as typed, at $columns x $rows',
  async (size) => {
    await using place = createPlace();
    {
      using one = await place.open([], size);
      using other = await place.open([], size);
      await run(one, 'echo from one');
      other.write(CTRL_R);
      await other.waitFor(/^› ✓ +\S+ echo from one\n/m);
      other.write(`${CTRL_G}${CTRL_D}`);
      one.write(CTRL_D);
      await Promise.all([one.exited, other.exited]);
    }
    using nsh = await place.open([], size);
    nsh.write(UP);
    await nsh.waitFor('❯ echo from one');
    nsh.write(`\x15${CTRL_R}`);
    await nsh.waitFor(/^› ✓ +\S+ echo from one\nsearch this shell: *\n1\/1 /m);
  },
);
