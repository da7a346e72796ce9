import { expect, test } from 'vitest';
import { childrenOf } from '../helpers/process-facts.ts';
import { createPlace } from '../helpers/repl.ts';
import { sendSignal } from '../helpers/send-signal.ts';
import { openTerminal } from '../helpers/terminal.ts';

const CTRL_D = '\x04';
const CTRL_Z = '\x1a';

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 14 },
];

/** An interactive bash, as people start nsh from: it has job control. */
function openBash(place: ReturnType<typeof createPlace>, size: (typeof sizes)[number]) {
  return openTerminal('bash', ['--norc', '--noprofile', '-i'], {
    ...size,
    cwd: place.cwd,
    env: {
      ...place.env,
      PS1: 'bash> ',
      NODE: process.execPath,
      NSH: new URL('../../dist/cli.js', import.meta.url).pathname,
    },
  });
}

test.each(sizes)('at $columns columns: Ctrl-Z gives the terminal back, fg takes it again', async (size) => {
  await using place = createPlace();
  using bash = openBash(place, size);
  await bash.waitFor('bash>');
  bash.write('before=$(stty -g); "$NODE" "$NSH"\r');
  await bash.waitFor('❯');
  bash.write('until [ -e go ]; do sleep 0.05; done; echo gone\r');
  await bash.waitFor(/running.*until/);
  bash.write('half a line');
  await bash.waitFor('❯ half a line');
  bash.write(CTRL_Z);
  await bash.waitFor(/Stopped/);
  await bash.waitFor(/^bash> *$/m);
  expect(bash.screen()).not.toContain('❯');
  expect(bash.cursor().hidden).toBe(false);
  bash.write('[ "$(stty -g)" = "$before" ] && echo SAME; touch go\r');
  await bash.waitFor(/^SAME$/m);
  bash.write('fg\r');
  await bash.waitFor('❯ half a line');
  await bash.waitFor(/^gone$/m);
  expect(bash.modes()).toMatchObject({ bracketedPasteMode: true });
  bash.write(' more');
  const screen = await bash.waitFor('❯ half a line more');
  expect(screen.split('❯').length).toBe(2);
  bash.write(`\x15${CTRL_D}`);
  await bash.waitFor('detached from main');
});

test.each(sizes)('at $columns columns: SIGTSTP is Ctrl-Z, and keys work after SIGSTOP', async (size) => {
  await using place = createPlace();
  using bash = openBash(place, size);
  await bash.waitFor('bash>');
  for (const signal of ['TSTP', 'STOP'] as const) {
    bash.write(`"$NODE" "$NSH" on-${signal.toLowerCase()}\r`);
    await bash.waitFor((screen) => /❯ *$/m.test(screen) && screen.includes(`on-${signal.toLowerCase()} ·`));
    // The REPL's own process: what runs in the shell is a child of the server.
    const [pid] = childrenOf(bash.pid);
    sendSignal(pid, `SIG${signal}`);
    await bash.waitFor(/Stopped[\s\S]*^bash> *$/m);
    bash.write('clear; fg\r');
    await bash.waitFor((screen) => /❯ *$/m.test(screen) && !screen.includes('bash>'));
    bash.write('echo it $((40 + 2)) runs\r');
    await bash.waitFor('it 42 runs');
    expect(bash.modes()).toMatchObject({ bracketedPasteMode: true });
    bash.write(CTRL_D);
    await bash.waitFor(`detached from on-${signal.toLowerCase()}`);
    await bash.waitFor(/^bash> *$/m);
    bash.write('clear\r');
  }
});

test.each(sizes)('at $columns columns: without a shell to go back to Ctrl-Z says so', async (size) => {
  await using place = createPlace();
  using nsh = await place.open([], size);
  nsh.write(CTRL_Z);
  await nsh.waitFor('No shell to go back to');
  nsh.write('echo it $((40 + 2)) runs\r');
  await nsh.waitFor('it 42 runs');
});
