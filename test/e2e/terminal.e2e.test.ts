import { expect, test } from 'vitest';
import { createPlace } from '../helpers/repl.ts';
import { sendSignal } from '../helpers/send-signal.ts';
import type { TerminalSession } from '../helpers/terminal.ts';

const quiet = {
  bracketedPasteMode: false,
  alternateScreen: false,
  mouseTrackingMode: 'none',
  sendFocusMode: false,
};

function expectRestored(nsh: TerminalSession): void {
  expect(nsh.modes()).toMatchObject(quiet);
  expect(nsh.cursor().hidden).toBe(false);
}

test.each([
  ['SIGINT', { columns: 80, rows: 24 }],
  ['SIGTERM', { columns: 40, rows: 12 }],
  ['SIGHUP', { columns: 80, rows: 24 }],
  ['SIGHUP', { columns: 40, rows: 12 }],
] as const)('%s ends nsh and the terminal is as before, at %j', async (signal, size) => {
  using place = createPlace();
  using nsh = await place.open([], size);
  expect(nsh.modes()).toMatchObject({ bracketedPasteMode: true });
  nsh.write('sleep 1000\r');
  await nsh.waitFor('running');
  process.kill(nsh.pid, signal);
  const { exitCode } = await nsh.exited;
  expect(exitCode).toBe({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal]);
  expectRestored(nsh);
  expect(place.run(['ls'])).toMatch(/main\s+running/);
});

test('a crash is told in one paragraph and the terminal is as before', async () => {
  using place = createPlace();
  place.run(['-c', 'true']);
  const crash = new URL('../fixtures/crash-on-usr2.mjs', import.meta.url).pathname;
  using nsh = await place.open([], { env: { NODE_OPTIONS: `--import=${crash}` } });
  process.kill(nsh.pid, 'SIGUSR2');
  expect((await nsh.exited).exitCode).toBe(70);
  expect(nsh.history()).toMatch(/internal error: crashed on purpose/);
  expect(nsh.history()).not.toMatch(/^\s+at /m);
  expectRestored(nsh);
});

test('Ctrl-D detaches, says how to come back, and the terminal is as before', async () => {
  using place = createPlace();
  using nsh = await place.open(['work']);
  nsh.write('\x04');
  expect((await nsh.exited).exitCode).toBe(0);
  expect(nsh.history()).toMatch(/detached from work.*nsh work/s);
  expectRestored(nsh);
});

test('a shell’s line discipline is raw inside and cooked after', async () => {
  using place = createPlace();
  using outer = await place.open([], {}).then(async (nsh) => {
    nsh.write('\x04');
    await nsh.exited;
    return nsh;
  });
  expectRestored(outer);
  // The same through a real shell, which reads the terminal's settings before and after.
  const script = `stty -a >before; "$NODE" "$NSH" </dev/tty; stty -a >after; cmp before after && echo SAME`;
  const { openTerminal } = await import('../helpers/terminal.ts');
  using shell = openTerminal('bash', ['-c', script], {
    cwd: place.cwd,
    env: {
      ...place.env,
      NODE: process.execPath,
      NSH: new URL('../../dist/cli.js', import.meta.url).pathname,
    },
  });
  await shell.waitFor('❯');
  shell.write('\x04');
  await shell.waitFor('SAME');
});

test.each([
  [80, 24],
  [40, 12],
])(
  'a flood at %dx%d: every line once and in order, or counted as folded; the prompt stays',
  async (columns, rows) => {
    using place = createPlace();
    using nsh = await place.open([], { columns, rows });
    nsh.write('seq 20000; echo end\r');
    nsh.write('typed meanwhile');
    await nsh.waitFor(/^end$/m, 60_000);
    await nsh.waitFor('❯ typed meanwhile');
    const numbers = [...nsh.history().matchAll(/^(\d+)$/gm)].map(([text]) => Number(text));
    const folded = [...nsh.history().matchAll(/([\d,]+) lines folded/g)].map(([, count = '']) =>
      Number(count.replaceAll(',', '')),
    );
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers.length + folded.reduce((sum, count) => sum + count, 0)).toBe(20_000);
  },
);

test('a resize leaves one prompt and the whole frame', async () => {
  using place = createPlace();
  using nsh = await place.open();
  nsh.write('echo some text to have');
  await nsh.waitFor('❯ echo some text to have');
  nsh.resize(70, 12);
  nsh.write('!');
  await nsh.waitFor('❯ echo some text to have!');
  nsh.resize(120, 40);
  nsh.write('?');
  const screen = await nsh.waitFor('❯ echo some text to have!?');
  expect(screen.split('❯').length).toBe(2);
  expect(screen).toContain('connected');
});

test.each([
  [80, 24],
  [40, 14],
])('at %dx%d under CI=1 and NO_COLOR all is drawn, without colours', async (columns, rows) => {
  using place = createPlace({ CI: '1', NO_COLOR: '1' });
  using nsh = await place.open([], { columns, rows });
  nsh.write('sleep 1000\recho behind\r');
  await nsh.waitFor(/running[^\n]*sleep 1000[\s\S]*queued[^\n]*behind[\s\S]*connected/);
  expect(nsh.raw()).not.toMatch(/\x1b\[(3[0-7]|9[0-7])m/);
});

test('at 40 columns nothing is wider than the screen and the prompt works', async () => {
  using place = createPlace();
  using nsh = await place.open([], { columns: 40, rows: 12 });
  nsh.write('sleep 1; echo a command that is much longer than forty columns\r');
  const busy = await nsh.waitFor('running');
  expect(busy).toMatch(/running \d+s #1 sleep 1.*…$/m);
  nsh.write('echo short\r');
  await nsh.waitFor(/^short$/m);
  expect(nsh.screen()).toContain('connected');
});

test('a server that was stopped is told, and lines typed for its shell are held until Enter sends them', async () => {
  using place = createPlace();
  using nsh = await place.open();
  place.run(['stop']);
  await nsh.waitFor('server stopped');
  nsh.write('echo later\r');
  nsh.write('still typing');
  await nsh.waitFor('❯ still typing');
  await nsh.waitFor('was lost with its server');
  await nsh.waitFor(/held #1 echo later/);
  nsh.write('\x03\r');
  await nsh.waitFor(/^later$/m);
});

test('a server that is killed is started again over the same shell: the running command goes on', async () => {
  using place = createPlace();
  using nsh = await place.open();
  nsh.write('kept=yes; echo "server $PPID"\r');
  await nsh.waitFor(/^server \d+$/m);
  const server = Number(/^server (\d+)$/m.exec(nsh.screen())?.[1]);
  nsh.write('for i in 1 2 3 4; do echo "tick $i"; sleep 1; done\recho "still $kept"\r');
  await nsh.waitFor(/^tick 1$/m);
  // Whether a line that is still being sent was taken nobody can tell.
  await nsh.waitFor(/queued.*still/);
  sendSignal(server, 'SIGKILL');
  await nsh.waitFor(/^tick 4$/m);
  await nsh.waitFor(/^still yes$/m);
  expect(nsh.history().match(/^tick \d$/gm)).toEqual(['tick 1', 'tick 2', 'tick 3', 'tick 4']);
});

test('attaching again to a busy shell shows its output from the start, and how each command ended', async () => {
  using place = createPlace();
  {
    using nsh = await place.open();
    nsh.write('for i in 1 2 3 4; do echo "tick $i"; sleep 1; done; (exit 5)\recho behind it\r');
    await nsh.waitFor(/^tick 1$/m);
    // A line that is still being sent would be asked about.
    await nsh.waitFor(/queued.*echo behind it/);
    nsh.write('\x04');
    await nsh.exited;
    expect(nsh.history()).toContain('2 commands that go on');
  }
  using nsh = await place.open();
  await nsh.waitFor(/exit 5[\s\S]*^behind it$/m);
  expect(nsh.history().match(/^tick \d$/gm)).toEqual(['tick 1', 'tick 2', 'tick 3', 'tick 4']);
});
