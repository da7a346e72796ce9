import { expect, test } from 'vitest';
import { createPlace } from '../helpers/repl.ts';

const CTRL_C = '\x03';
const CTRL_D = '\x04';
const CTRL_T = '\x14';

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 14 },
];

test.each(sizes)(
  'at $columns columns: Ctrl-T gives a line stdin, and what is typed goes to it',
  async (size) => {
    await using place = createPlace();
    using nsh = await place.open([], size);
    nsh.write(CTRL_T);
    await nsh.waitFor(/^◂❯/m);
    expect(nsh.screen()).toContain('next line gets stdin');
    nsh.write(
      'read -p "Name? " name; echo "Hello $name"; read last; echo "[$last]"; read || echo "no more"\r',
    );
    await nsh.waitFor(/^#1 ◂/m);
    await nsh.waitFor('Name?');
    if (process.platform === 'linux') await nsh.waitFor('#1 waits for input · Ctrl-D: EOF');
    // A line that would be unfinished as a command.
    nsh.write("O'Brien\r");
    await nsh.waitFor(/Hello O'Brien$/m);
    expect(nsh.history()).toContain("#1 ◂ O'Brien");
    nsh.write(CTRL_T);
    await nsh.waitFor(/^❯/m);
    await nsh.waitFor(/Ctrl-T types to (#1|it)/);
    nsh.write('echo from the queue\r');
    await nsh.waitFor(/queued.*echo/);
    nsh.write(CTRL_T);
    await nsh.waitFor(/^#1 ◂ *$/m);
    nsh.write('\r');
    await nsh.waitFor(/^\[\]$/m);
    nsh.write(CTRL_D);
    await nsh.waitFor(/^no more$/m);
    await nsh.waitFor(/^from the queue$/m);
    await nsh.waitFor(/^❯ *$/m);
  },
);

test.each(sizes)(
  'at $columns columns: what was begun for a command that ended is not run by its Enter',
  async (size) => {
    await using place = createPlace();
    using nsh = await place.open([], size);
    nsh.write(`${CTRL_T}until [ -e go ]; do sleep 0.05; done\r`);
    await nsh.waitFor(/running.*until/);
    nsh.write('touch wrong');
    await nsh.waitFor('#1 ◂ touch wrong');
    place.run(['-c', `touch ${place.cwd}/go`, 'other']);
    await nsh.waitFor('#1 has ended');
    nsh.write('\r');
    await nsh.waitFor('❯ touch wrong');
    nsh.write(CTRL_C);
    await nsh.waitFor(/^❯ *$/m);
    nsh.write('ls; echo listed\r');
    await nsh.waitFor(/^listed$/m);
    expect(nsh.history()).not.toMatch(/^wrong$/m);
  },
);

test.each(sizes)(
  'at $columns columns: what is typed ahead of a command with stdin waits for it, and one without stdin reads the end',
  async (size) => {
    await using place = createPlace();
    using nsh = await place.open([], size);
    nsh.write(`${CTRL_T}sort\rb\ra\r${CTRL_D}cat; echo "cat ended"\r`);
    await nsh.waitFor(/^a\nb$/m);
    await nsh.waitFor(/^cat ended$/m);
  },
);

test.each(sizes)(
  'at $columns columns: what is typed for a queued command with stdin goes to the queue until Ctrl-T',
  async (size) => {
    await using place = createPlace();
    using nsh = await place.open([], size);
    nsh.write('until [ -e go ]; do sleep 0.05; done\r');
    await nsh.waitFor(/running.*until/);
    nsh.write(':stdin cat\r');
    await nsh.waitFor(/queued.*cat/);
    nsh.write('echo behind\r');
    await nsh.waitFor(/queued.*echo behind/);
    place.run(['-c', `touch ${place.cwd}/go`, 'other']);
    await nsh.waitFor(/Ctrl-T types to #2|#2 waits for input · Ctrl-T types to it/);
    nsh.write(`${CTRL_T}into the cat\r`);
    await nsh.waitFor(/^into the cat$/m);
    nsh.write(CTRL_D);
    await nsh.waitFor(/^behind$/m);
  },
);

test.skipIf(process.platform !== 'linux').each(sizes)(
  'at $columns columns: after attaching again a command that waits for input can be typed to',
  async (size) => {
    await using place = createPlace();
    {
      using nsh = await place.open([], size);
      nsh.write(`${CTRL_T}read word; echo "got $word"\r`);
      await nsh.waitFor('waits for input');
      nsh.write(`${CTRL_T}${CTRL_D}`);
      await nsh.exited;
    }
    using nsh = await place.open([], size);
    await nsh.waitFor('#1 waits for input · Ctrl-T types to it');
    nsh.write(`${CTRL_T}late\r`);
    await nsh.waitFor(/^got late$/m);
  },
);
