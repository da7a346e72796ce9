import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createPlace } from '../helpers/repl.ts';

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 15 },
];
const CTRL_Q = '\x11';
const UP = '\x1b[A';

test.each(sizes)('at $columns columns: what waits is edited, dropped, moved, counted', async (size) => {
  await using place = createPlace();
  using nsh = await place.open([], size);
  const gate = path.join(place.cwd, 'gate');
  execFileSync('mkfifo', [gate]);
  const lines = Array.from(
    { length: 9 },
    (_, index) => `echo line ${index + 2} of a text that is longer than a row\r`,
  );
  nsh.write(`read -r go <${gate}\r${lines.join('')}`);
  await nsh.waitFor(/running .*#1 read[\s\S]*queued #5 echo line 5[\s\S]*\+5 more/);
  nsh.write(`half a li${CTRL_Q}`);
  await nsh.waitFor(/▸ ○ queued #10 echo line 10/);
  await nsh.waitFor('e edit  d drop');
  nsh.write('d');
  await nsh.waitFor(/⊘ #10 cancelled before it ran: echo/);
  await nsh.waitFor(/▸ ○ queued #9/);
  nsh.write('K');
  await nsh.waitFor('#9 waits on the devbox');
  nsh.write(`${UP}e`);
  await nsh.waitFor(/✎ #8 ❯ echo line 8 of a text/);
  nsh.write('\x15echo changed\r');
  await nsh.waitFor(/⊘ #8 replaced by your edit: echo/);
  await nsh.waitFor('❯ half a li');
  nsh.write('\x03:set stop-on-error on\r');
  await nsh.waitFor('stop-on-error is on');
  nsh.write('(exit 3)\recho late 1\recho late 2\recho late 3\r');
  // Those were typed behind what waits on the devbox, and are only here.
  await nsh.waitFor(/\+\d+ more, 4 not sent/);
  place.run(['-c', `echo go >${gate}`, 'helper']);
  await nsh.waitFor(/exit 3[\s\S]*‖ held \+13 echo late 1/);
  await nsh.waitFor(/3 held · Enter sends/);
  nsh.write(`${CTRL_Q}K`);
  await nsh.waitFor(/held \+15 echo late 3\n.*held \+14 echo late 2/);
  nsh.write('\x1b');
  await nsh.waitFor(/3 held · Enter sends/);
  nsh.write(`${CTRL_Q}jd`);
  await nsh.waitFor(/⊘ \+14 dropped before it was sent/);
  nsh.write(`${CTRL_Q}\r`);
  await nsh.waitFor(/^late 3\n✓/m);
  const said = [...nsh.history().matchAll(/^(line \d+|changed|late \d)\b[^\n]*\n✓/gm)].map(
    ([, text]) => text,
  );
  expect(said).toEqual([
    ...[2, 3, 4, 5, 6, 7, 9].map((number) => `line ${number}`),
    'changed',
    'late 1',
    'late 3',
  ]);
});
