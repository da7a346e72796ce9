import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createPlace, type Place } from '../helpers/repl.ts';
import { sendSignal } from '../helpers/send-signal.ts';
import { openTerminal, type TerminalSession } from '../helpers/terminal.ts';

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 12 },
];

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

/** A pipe in the place's folder: `read <gate` waits until it is opened. */
function gate(place: Place): { readonly command: string; readonly open: () => void } {
  return {
    command: '[ -p gate ] || mkfifo gate; read -r go <gate',
    // Whoever reads it is there already, or this waits for it.
    open: () => writeFileSync(path.join(place.cwd, 'gate'), 'go\n'),
  };
}

describe.concurrent.each(sizes)('at $columns x $rows', (size) => {
  test('SIGINT, SIGTERM and SIGHUP end nsh, the terminal is as before and the command goes on', async () => {
    await using place = createPlace();
    // The server is there before several want to start it.
    place.run(['-c', 'true']);
    const ends = [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const;
    await Promise.all(
      ends.map(async ([signal, status]) => {
        using nsh = await place.open([signal], size);
        expect(nsh.modes()).toMatchObject({ bracketedPasteMode: true });
        nsh.write('sleep 1000\r');
        await nsh.waitFor('running');
        process.kill(nsh.pid, signal);
        expect((await nsh.exited).exitCode).toBe(status);
        expectRestored(nsh);
      }),
    );
    for (const [signal] of ends) expect(place.run(['ls'])).toMatch(new RegExp(`${signal}\\s+running`));
  });

  test('a crash is told in one paragraph and the terminal is as before', async () => {
    await using place = createPlace();
    place.run(['-c', 'true']);
    const crash = new URL('../fixtures/crash-on-usr2.mjs', import.meta.url).pathname;
    using nsh = await place.open([], { ...size, env: { NODE_OPTIONS: `--import=${crash}` } });
    process.kill(nsh.pid, 'SIGUSR2');
    expect((await nsh.exited).exitCode).toBe(70);
    expect(nsh.history().replaceAll(/\s+/g, ' ')).toMatch(/internal error: crashed on purpose/);
    expect(nsh.history()).not.toMatch(/^\s+at /m);
    expectRestored(nsh);
  });

  test('Ctrl-D detaches, says how to come back, and the line discipline and the modes are as before', async () => {
    await using place = createPlace();
    const script =
      'stty -a >before; "$NODE" "$NSH" work </dev/tty; stty -a >after; cmp before after && echo SAME';
    const env = {
      ...place.env,
      NODE: process.execPath,
      NSH: new URL('../../dist/cli.js', import.meta.url).pathname,
    };
    using shell = openTerminal('bash', ['-c', script], { ...size, cwd: place.cwd, env });
    await shell.waitFor('❯');
    expect(shell.modes()).toMatchObject({ bracketedPasteMode: true });
    shell.write('\x04');
    await shell.waitFor('SAME');
    expect(shell.history()).toMatch(/detached from work[\s\S]*nsh work/);
    expectRestored(shell);
    expect((await shell.exited).exitCode).toBe(0);
  });

  test('a flood: every line once and in order, or counted as folded; the prompt stays', async () => {
    await using place = createPlace();
    using nsh = await place.open([], size);
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
  });

  test('a resize leaves one prompt and the whole frame', async () => {
    await using place = createPlace();
    using nsh = await place.open([], size);
    const row = 'echo some text to have';
    nsh.write(row);
    await nsh.waitFor(`❯ ${row}`);
    // Never below 3/4 of its width at once: that may leave ghosts.
    for (const [wider, rows, typed] of [
      [2, size.rows + 16, '!'],
      [1.5, size.rows - 4, '!?'],
      [1.2, size.rows, '!?.'],
      [1, size.rows - 4, '!?.;'],
    ] as const) {
      nsh.resize(size.columns * wider, rows);
      nsh.write(typed.slice(-1));
      const screen = await nsh.waitFor(
        (text) => text.includes(`❯ ${row}${typed}`) && text.endsWith('connected'),
      );
      expect(screen.split('❯')).toHaveLength(2);
    }
  });

  test('under CI=1 and NO_COLOR all is drawn, without colours, and nothing is wider than the screen', async () => {
    await using place = createPlace({ CI: '1', NO_COLOR: '1' });
    using nsh = await place.open([], size);
    const { command, open } = gate(place);
    nsh.write(`${command}; : ${'a command that is much longer than a row '.repeat(3)}\recho behind\r`);
    await nsh.waitFor(/running \d+s #1 [^\n]*…\n[^\n]*queued[^\n]*behind\n[\s\S]*connected/);
    expect(nsh.raw()).not.toMatch(/\x1b\[(3[0-7]|9[0-7])m/);
    open();
    await nsh.waitFor(/^behind\n✓/m);
  });

  test('a server that was stopped is told, and lines typed for its shell are held until Enter sends them', async () => {
    await using place = createPlace();
    using nsh = await place.open([], size);
    place.run(['stop']);
    await nsh.waitFor('server stopped');
    nsh.write('echo later\r');
    nsh.write('still typing');
    await nsh.waitFor('❯ still typing');
    await nsh.waitFor(/was lost with\s+its\s+server/);
    await nsh.waitFor(/held \+1 echo later/);
    nsh.write('\x03\r');
    await nsh.waitFor(/^later$/m);
  });

  test('a server that is killed is started again over the same shell: the running command goes on', async () => {
    await using place = createPlace();
    using nsh = await place.open([], size);
    const { command, open } = gate(place);
    nsh.write('kept=yes; echo "server $PPID"\r');
    await nsh.waitFor(/^server \d+$/m);
    const server = /^server (\d+)$/m.exec(nsh.screen())?.[1];
    nsh.write(`echo tick 1; ${command}; echo tick 2\recho "still $kept"\r`);
    await nsh.waitFor(/^tick 1$/m);
    // Whether a line that is still being sent was taken nobody can tell.
    await nsh.waitFor(/queued.*still/);
    sendSignal(server, 'SIGKILL');
    open();
    await nsh.waitFor(/^tick 2$[\s\S]*^still yes$/m);
    expect(nsh.history().match(/^tick \d$/gm)).toEqual(['tick 1', 'tick 2']);
  });

  test('attaching again to a busy shell shows its output from the start, and how each command ended', async () => {
    await using place = createPlace();
    const { command, open } = gate(place);
    {
      using nsh = await place.open([], size);
      nsh.write(`echo tick 1; ${command}; echo tick 2; (exit 5)\recho behind it\r`);
      await nsh.waitFor(/^tick 1$/m);
      // A line that is still being sent would be asked about.
      await nsh.waitFor(/queued.*echo behind it/);
      nsh.write('\x04');
      await nsh.exited;
      expect(nsh.history().replaceAll(/\s+/g, ' ')).toContain('2 commands that go on');
    }
    using nsh = await place.open([], size);
    await nsh.waitFor(/^tick 1$/m);
    open();
    await nsh.waitFor(/exit 5[\s\S]*^behind it$/m);
    expect(nsh.history().match(/^tick \d$/gm)).toEqual(['tick 1', 'tick 2']);
  });
});
