import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { startTestDevbox } from '../helpers/devbox-server.ts';
import { startPlainDevbox } from '../helpers/plain-devbox.ts';
import { createPlace } from '../helpers/repl.ts';

const ESC = '\x1b';
const SHIFT_TAB = '\x1b[Z';
const RIGHT = '\x1b[C';
const CTRL_U = '\x15';

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 14 },
];

test.each(sizes)('Tab completes, opens a menu and quotes, at $columns x $rows', async (size) => {
  await using place = createPlace();
  const write = (name: string, content = '') => {
    mkdirSync(path.dirname(path.join(place.cwd, name)), { recursive: true });
    writeFileSync(path.join(place.cwd, name), content);
  };
  write("my dir/it's $5", 'the content\n');
  write('main.c');
  write('main.h');
  write('other');
  write('.hidden');
  using nsh = await place.open([], size);
  nsh.write('cat my\t');
  await nsh.waitFor('❯ cat my\\ dir/');
  nsh.write('\t');
  await nsh.waitFor("❯ cat my\\ dir/it\\'s\\ \\$5");
  nsh.write('\r');
  await nsh.waitFor(/^the content$/m);

  nsh.write('ls ma\t');
  await nsh.waitFor('❯ ls main.');
  expect(nsh.screen()).not.toContain('› main.c');
  nsh.write('\t');
  await nsh.waitFor(/^› main\.c +main\.h\n❯ ls main\.\n1\/2 · file/m);
  const { column, row } = nsh.cursor();
  expect([nsh.screen().split('\n')[row], column]).toEqual(['❯ ls main.', '❯ ls main.'.length]);
  nsh.write(SHIFT_TAB);
  await nsh.waitFor(/^ {2}main\.c +› main\.h$/m);
  nsh.write('\r');
  await nsh.waitFor((screen) => screen.includes('❯ ls main.h') && !screen.includes('› '));
  nsh.write(`${CTRL_U}ls \t`);
  await nsh.waitFor(/^› main\.c +main\.h/m);
  expect(nsh.screen()).toContain('my dir/');
  expect(nsh.screen()).not.toContain('hidden');
  nsh.write(ESC);
  await nsh.waitFor((screen) => !screen.includes('› main.c'));
  nsh.write(`${CTRL_U}ls .h\t`);
  await nsh.waitFor('❯ ls .hidden');
  nsh.write(`${CTRL_U}:set k\t\t`);
  await nsh.waitFor(/^› emacs +vi$/m);
  nsh.write(`${RIGHT}\r`);
  await nsh.waitFor(/❯ :set keys vi *$/m);
});

test.each(sizes)(
  'a directory of hostile names: nothing of them drives the terminal, and the frame stays below the screen, at $columns x $rows',
  async (size) => {
    await using place = createPlace();
    const names = ['\x1b]0;title\x07', '\x1b[2J', '\x1b[?1049h', '\u202eevil', 'a\rb', 'a\nb'];
    for (const name of names) writeFileSync(path.join(place.cwd, `x${name}`), '');
    for (let n = 0; n < 200; n += 1) writeFileSync(path.join(place.cwd, `xfile-${n}`), '');
    using nsh = await place.open([], size);
    const before = nsh.modes();
    nsh.write('ls x\t');
    await nsh.waitFor('1/206');
    expect(nsh.screen()).toContain('› x^[');
    for (let n = 0; n < 30; n += 1) nsh.write('\t');
    await nsh.waitFor('31/206');
    expect(nsh.screen()).toMatch(/^created main/m);
    nsh.write(SHIFT_TAB.repeat(30));
    await nsh.waitFor('1/206');
    nsh.write('\r');
    await nsh.waitFor(/❯ ls x\$'\\0/);
    expect(nsh.modes()).toEqual(before);
    expect(nsh.title()).not.toContain('title');
  },
);

test.each(sizes)(
  'while a command runs: beside the shell, never behind it, at $columns x $rows',
  async (size) => {
    await using place = createPlace();
    writeFileSync(path.join(place.cwd, 'notes.txt'), '');
    using nsh = await place.open([], size);
    nsh.write('sleep 60\r');
    await nsh.waitFor(/running .*sleep 60/);
    nsh.write('cat no\t');
    await nsh.waitFor('❯ cat notes.txt');
    expect(nsh.screen()).toMatch(/running .*sleep 60/);
    expect(nsh.screen()).not.toContain('queued');
  },
);

test.each(sizes)(
  'functions, aliases, variables and PATH of the shell, when it was idle, at $columns x $rows',
  async (size) => {
    await using place = createPlace();
    using nsh = await place.open([], size);
    const own = 'zq_function() { :; }; alias zq_alias=true; zq_here=$PWD; trap "echo trapped" EXIT';
    const spec = `tell() { COMPREPLY=($(compgen -W "start status" -- "$2")); echo NO''ISE; echo NO''ISE >&2; read -r; touch ran; }`;
    nsh.write(`${spec}; complete -F tell zq_tool\r`);
    nsh.write(
      `${own}; mkdir bin sub; touch sub/file; printf x >bin/zq_tool; chmod +x bin/zq_tool; PATH=$PWD/bin:$PATH; cd sub\r`,
    );
    // What is new is known a moment after the shell has become idle.
    let menu = false;
    while (!menu) {
      nsh.write(`${CTRL_U}zq_`);
      await nsh.waitFor((screen) => screen.includes('❯ zq_') && !screen.includes('Nothing fits'));
      nsh.write('\t');
      const screen = await nsh.waitFor(/^› zq_alias|Nothing fits/m);
      menu = /^› zq_alias/m.test(screen);
    }
    await nsh.waitFor(/^› zq_alias +zq_function/m);
    expect(nsh.screen()).toContain('zq_tool');
    nsh.write(`${CTRL_U}echo "$zq_h\t`);
    await nsh.waitFor('❯ echo "$zq_here');
    nsh.write('/su\t\t');
    await nsh.waitFor('❯ echo "$zq_here/sub/file"');
    nsh.write(`${CTRL_U}cat f\t`);
    await nsh.waitFor('❯ cat file');
    nsh.write(`${CTRL_U}true && sudo zq_tool s\t`);
    await nsh.waitFor('❯ true && sudo zq_tool sta');
    nsh.write('\t');
    await nsh.waitFor(/^› start +status$/m);
    nsh.write('\t\r');
    await nsh.waitFor(/❯ true && sudo zq_tool status *$/m);
    expect(nsh.history()).not.toContain('NOISE');
    expect(nsh.history()).not.toMatch(/^trapped/m);
  },
);

/** The name of the file with the shell's state, once it is there. */
async function stateFile(folder: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const look = () => {
    const name = readdirSync(folder).find((one) => !one.endsWith('.part'));
    if (name !== undefined) resolve(name);
  };
  const watcher = watch(folder, look);
  look();
  return await promise.finally(() => watcher.close());
}

test.each(sizes)('a slow devbox is waited for until the next key, at $columns x $rows', async (size) => {
  await using place = createPlace();
  writeFileSync(path.join(place.cwd, 'file'), '');
  using nsh = await place.open([], size);
  nsh.write('true\r');
  const folder = path.join(place.env.NSH_STATE_DIR ?? '', 'snapshots');
  const name = await stateFile(folder);
  // What reads this waits until somebody writes.
  rmSync(path.join(folder, name));
  execFileSync('mkfifo', [path.join(folder, name)]);
  nsh.write('cat f\t');
  await nsh.waitFor(/^. completing … any key/m);
  nsh.write('i');
  await nsh.waitFor((screen) => screen.includes('❯ cat fi') && !screen.includes('completing'));
  rmSync(path.join(folder, name));
  nsh.write('\t');
  await nsh.waitFor('❯ cat file');
});

test.each(sizes)('where the directory is not told, at $columns x $rows', async (size) => {
  await using devbox = await startTestDevbox({ listen: 'tcp' });
  await using plain = await startPlainDevbox(devbox);
  mkdirSync(path.join(devbox.home, 'here'));
  writeFileSync(path.join(devbox.home, 'here/only-file'), '');
  await using place = createPlace();
  const env = { RUNLOOP_API_KEY: 'test-token' };
  using nsh = await place.open(['--devbox', 'local', '--base-url', plain.url], { ...size, env });
  nsh.write('cd here; zq_a=5; (exit 7)\r');
  await nsh.waitFor(/^✗ exit 7/m);
  nsh.write('cat ~/here/on\t');
  await nsh.waitFor('❯ cat ~/here/only-file');
  nsh.write(`${CTRL_U}cat on\t`);
  await nsh.waitFor('The directory is not told here');
  nsh.write(`${CTRL_U}:set ask-directory on\r`);
  await nsh.waitFor('ask-directory is on');
  nsh.write('cat on\t');
  await nsh.waitFor('❯ cat only-file');
  // The shell has not noticed.
  nsh.write(`${CTRL_U}echo "status $? $zq_a"\r`);
  await nsh.waitFor(/^status 7 5$/m);
  expect(nsh.history()).not.toContain('PWD');
});
