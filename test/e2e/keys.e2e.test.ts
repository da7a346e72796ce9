import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createPlace } from '../helpers/repl.ts';
import type { TerminalSession } from '../helpers/terminal.ts';

const CTRL_C = '\x03';
const CTRL_D = '\x04';
const CTRL_BACKSLASH = '\x1c';

const isRunning = (row: string, what: string) => row.startsWith('● running') && row.includes(what);

test('Ctrl-C ends sleep, a loop of builtins and a pipeline, and an earlier background job lives', async () => {
  await using place = createPlace();
  using nsh = await place.open();
  nsh.write('sleep 1000 & echo "job $!"\r');
  await nsh.waitFor(/^job \d+$/m);
  for (const [number, command] of ['sleep 100', 'while :; do :; done', 'yes | grep nothing'].entries()) {
    nsh.write(`${command}\r`);
    // The command before may still be the one that runs: Ctrl-C would be for that.
    await nsh.waitFor((screen) =>
      screen.split('\n').some((row) => isRunning(row, `#${number + 2} ${command}`)),
    );
    nsh.write(CTRL_C);
    await nsh.waitFor((screen) => screen.split('exit 130 (INT)').length === number + 2);
  }
  nsh.write('kill -0 %1 && echo job lives; jobs | wc -l\r');
  await nsh.waitFor('job lives');
});

test('Ctrl-\\ kills what ignores Ctrl-C; shell and state stay', async () => {
  await using place = createPlace();
  using nsh = await place.open();
  nsh.write('kept=yes\r');
  await nsh.waitFor('✓');
  nsh.write(`bash -c 'trap "" INT; echo ready; while :; do sleep 0.1; done'\r`);
  await nsh.waitFor(/^ready$/m);
  nsh.write(CTRL_C);
  await nsh.waitFor(/running [1-9]\d*s/);
  nsh.write(CTRL_C);
  await nsh.waitFor('Ctrl-\\ kills it');
  nsh.write(CTRL_BACKSLASH);
  await nsh.waitFor('exit 137 (KILL)');
  nsh.write('echo "kept: $kept"\r');
  await nsh.waitFor('kept: yes');
});

test('exit with commands queued behind it: they are cancelled and say why, and a fresh shell answers', async () => {
  await using place = createPlace();
  using nsh = await place.open();
  nsh.write('sleep 2; exit 3\recho one\recho two\r');
  await nsh.waitFor((screen) => screen.includes('#2 echo one') && screen.includes('#3 echo two'));
  const screen = await nsh.waitFor((text) => text.split('before this command ran').length === 3);
  expect(screen).toContain('starts a fresh shell');
  expect(screen).not.toMatch(/^(one|two)$/m);
  nsh.write('echo fresh\r');
  await nsh.waitFor(/^fresh$/m);
});

test('a queued command is cancelled by its number and never runs', async () => {
  await using place = createPlace();
  using nsh = await place.open();
  nsh.write('read x < <(sleep 3)\recho never\recho last\r');
  await nsh.waitFor(/queued #2 echo never/);
  nsh.write(':cancel 2\r');
  await nsh.waitFor('cancelled');
  const screen = await nsh.waitFor(/^last$/m);
  expect(screen).not.toMatch(/^never$/m);
});

test.each([
  { columns: 80, rows: 24 },
  { columns: 40, rows: 12 },
])('at $columns columns: a paste of several lines is one command, unfinished text goes on', async (size) => {
  await using place = createPlace();
  using nsh = await place.open([], size);
  nsh.write('\x1b[200~echo a\necho b\x1b[201~');
  await nsh.waitFor((screen) => screen.includes('❯ echo a') && screen.includes('· echo b'));
  expect(nsh.screen()).not.toContain('running');
  nsh.write('\r');
  await nsh.waitFor(/^a\nb$/m);
  expect(nsh.screen()).not.toContain('#2');
  nsh.write('for i in 1 2; do\recho "n$i"\rdone\r');
  await nsh.waitFor(/^n1\nn2$/m);
  nsh.write('echo after\r');
  await nsh.waitFor(/^after$/m);
});

test('history comes back in the next session', async () => {
  await using place = createPlace();
  {
    using nsh = await place.open();
    nsh.write('echo remembered\r');
    await nsh.waitFor(/^remembered$/m);
    nsh.write(CTRL_D);
    await nsh.exited;
  }
  using nsh = await place.open();
  nsh.write('\x1b[A');
  await nsh.waitFor('❯ echo remembered');
});

test('two REPLs of different sizes on one shell share its state and see each other’s commands', async () => {
  await using place = createPlace();
  using first = await place.open(['shared']);
  using second = await place.open(['shared'], { columns: 40, rows: 14 });
  execFileSync('mkfifo', [path.join(place.cwd, 'gate')]);
  first.write('word=common; read x <gate\r');
  await second.waitFor(/running.*⇠ word/);
  second.write('echo "got $word"\r');
  await second.waitFor(/queued.*echo "got/);
  await first.waitFor(/queued.*another session/);
  writeFileSync(path.join(place.cwd, 'gate'), 'go\n');
  await second.waitFor('got common');
});

test('what a background job writes later is shown, marked with its command', async () => {
  await using place = createPlace();
  using nsh = await place.open();
  nsh.write('(sleep 1; echo from the job; echo trouble >&2) &\r');
  await nsh.waitFor(/^✓/m);
  await nsh.waitFor(/^#1 ⤷ from the job$/m);
  await nsh.waitFor(/^#1 ⤷ trouble$/m);
  nsh.write('echo next\r');
  await nsh.waitFor(/^next$/m);
});

test('what a job of another session, and of one that is over, writes is shown where somebody looks', async () => {
  await using place = createPlace();
  /** Until it is told what others do there. */
  const hears = async (nsh: TerminalSession) => {
    for (let sent = 1; !nsh.history().includes('true  (another session)'); sent += 1) {
      place.run(['-c', 'true', 'jobs']);
      nsh.write(`echo sent $((${sent}))\r`);
      await nsh.waitFor(() => nsh.history().includes(`sent ${sent}\n✓`));
    }
  };
  const gate = (text: string) => place.run(['-c', `echo ${text} >${place.cwd}/gate`, 'other']);
  // Open for both, so that no end comes when a writer goes.
  const job = '(exec 7<>gate; while read -u7 x; do echo "job $x"; done) &';
  using first = await place.open(['jobs']);
  using second = await place.open(['jobs'], { columns: 40, rows: 14 });
  await hears(second);
  first.write(`mkfifo gate; ${job}\r`);
  await second.waitFor(/mkfifo gate;[^✓]*^✓/m);
  gate('one');
  await first.waitFor(/^#\d+ ⤷ job one$/m);
  await second.waitFor(/^#\d+ ⤷ job one$/m);
  for (const nsh of [first, second]) {
    nsh.write('\x04');
    await nsh.exited;
  }
  using third = await place.open(['jobs'], { columns: 40, rows: 14 });
  await hears(third);
  gate('two');
  // What the job wrote just before is its context.
  await third.waitFor(/^mkfifo gate; \(exec … ⤷ job one\nmkfifo gate; \(exec … ⤷ job two$/m);
});

test('Ctrl-C on a flood ends it, and again what is still to be shown of it; the next command is not held up', async () => {
  await using place = createPlace();
  using nsh = await place.open();
  nsh.write('yes flood\r');
  await nsh.waitFor(/^flood$/m);
  nsh.write(CTRL_C);
  await nsh.waitFor((screen) => {
    if (screen.includes('receiving')) nsh.write(CTRL_C);
    return screen.includes('exit 130 (INT)');
  }, 60_000);
  nsh.write('echo after\r');
  await nsh.waitFor(/^after$/m);
});

test.each([
  { columns: 80, rows: 24 },
  { columns: 40, rows: 15 },
])(
  ':restore at $columns columns brings back variables, functions and the directory of a shell that ended',
  async (size) => {
    await using place = createPlace();
    using nsh = await place.open([], size);
    // In one go: what was set just before the end is there too.
    nsh.write('word=kept; greet() { echo "hi $word"; }; cd /usr\rexit 4\r');
    await nsh.waitFor(/fresh\s+shell/);
    nsh.write(':restore\r');
    await nsh.waitFor(/are back as they\s+were/);
    nsh.write('greet; pwd\r');
    await nsh.waitFor(/^hi kept\n\/usr$/m);
  },
);
