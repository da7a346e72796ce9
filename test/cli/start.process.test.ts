import { execFileSync } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { socketPath } from '../../src/devbox/server/socket-path.ts';
import { startServer } from '../../src/devbox/server/start-server.ts';
import { nshHome } from '../helpers/nsh.ts';
import { sendSignal } from '../helpers/send-signal.ts';
import { openTerminal } from '../helpers/terminal.ts';

test('of several that start at once, all use the one server', async () => {
  await using nsh = await nshHome();
  const ends = await Promise.all(
    [1, 2, 3, 4].map((number) => nsh.run(['-c', `echo $PPID; N${number}=x`, 'together'])),
  );
  expect(ends.map(({ status, stderr }) => [status, stderr])).toEqual(Array(4).fill([0, '']));
  expect(new Set(ends.map(({ stdout }) => stdout)).size).toBe(1);
  expect(await nsh.run(['-c', 'echo $N1$N2$N3$N4', 'together'])).toMatchObject({
    stderr: '',
    status: 0,
    stdout: 'xxxx\n',
  });
});

test('what is kept is the user’s alone', async () => {
  await using nsh = await nshHome();
  await nsh.run(['-c', ':']);
  expect((await stat(nsh.stateDir)).mode & 0o777).toBe(0o700);
  expect((await stat(path.join(nsh.stateDir, 'server.log'))).mode & 0o777).toBe(0o600);
});

test('a state directory that cannot be used: one paragraph, 72', async () => {
  await using nsh = await nshHome();
  const file = path.join(nsh.home, 'a-file');
  await writeFile(file, '');
  const inFile = await nsh.run(['-c', 'echo ran'], { env: { NSH_STATE_DIR: path.join(file, 'state') } });
  expect(inFile).toMatchObject({ status: 72, stdout: '' });
  expect(inFile.stderr).toMatch(
    /^nsh: The directory \S+\/a-file\/state cannot be made [^\n]+ NSH_STATE_DIR [^\n]+\n$/,
  );

  const unwritable = path.join(nsh.home, 'unwritable');
  // Root may write anywhere; a folder in the place of the log stops it too.
  await mkdir(path.join(unwritable, 'server.log'), { recursive: true, mode: 0o700 });
  const noLog = await nsh.run(['-c', 'echo ran'], { env: { NSH_STATE_DIR: unwritable } });
  expect(noLog).toMatchObject({ status: 72, stdout: '' });
  expect(noLog.stderr).toMatch(
    /^nsh: the state directory \S+\/unwritable \(from NSH_STATE_DIR\) cannot be written: [^\n]+ Set NSH_STATE_DIR [^\n]+\n$/,
  );
});

test.each([['-c', ':'], ['serve']])(
  'a folder that was made for it beforehand is taken and closed to others: %s',
  async (...args) => {
    await using nsh = await nshHome();
    await mkdir(nsh.stateDir, { mode: 0o755 });
    await nsh.run(['--version']);
    const running = nsh.start(args);
    running.child.stdin.end();
    if (args[0] === 'serve') {
      await running.printed('Attach with');
      running.child.kill('SIGINT');
    }
    expect(await running.ended).toMatchObject({ status: 0, stderr: '' });
    expect((await stat(nsh.stateDir)).mode & 0o777).toBe(0o700);
    expect(await nsh.run(['-c', 'echo ran'])).toMatchObject({ stdout: 'ran\n', stderr: '' });
  },
);

test('why the server could not start is told by nsh, in one paragraph, 72', async () => {
  await using nsh = await nshHome();
  const runtime = path.join(nsh.home, 'runtime');
  await mkdir(runtime);
  await writeFile(path.join(runtime, 'nsh'), '');
  const end = await nsh.run(['-c', 'echo ran'], { env: { XDG_RUNTIME_DIR: runtime } });
  expect(end).toMatchObject({ status: 72, stdout: '' });
  expect(end.stderr).toMatch(/^nsh: [^\n]*runtime\/nsh is not a directory[^\n]*\n$/);
});

test('no bash: one paragraph, 72', async () => {
  await using nsh = await nshHome();
  const env = { NODE_OPTIONS: `--import=${import.meta.resolve('./fixtures/no-bash.ts')}` };
  for (const args of [['-c', 'echo ran'], ['serve']]) {
    const end = await nsh.run(args, { env });
    expect(end).toMatchObject({ status: 72, stdout: '' });
    expect(end.stderr).toMatch(/^nsh: No usable bash was found \([^\n]+\)\. Install bash [^\n]+\n$/);
  }
});

test('an old Node: one line, 70', async () => {
  await using nsh = await nshHome();
  const end = await nsh.run(['--version'], {
    nodeOptions: [`--import=${import.meta.resolve('./fixtures/old-node.ts')}`],
  });
  expect(end).toMatchObject({ status: 70, stdout: '' });
  expect(end.stderr).toMatch(/^nsh: this is Node 22\.18\.0, and nsh needs Node 22\.19 or newer: [^\n]+\n$/);
});

test('errors show where they come from with NSH_DEBUG=1 alone', async () => {
  await using nsh = await nshHome();
  expect((await nsh.run(['--nope'])).stderr).toBe('nsh: unknown option `--nope`. See `nsh --help`.\n');
  expect((await nsh.run(['--nope'], { env: { NSH_DEBUG: '1' } })).stderr).toMatch(/\n {4}at /);
});

test('a server that a crash took is started anew, and its shells live on', async () => {
  await using nsh = await nshHome();
  const pid = Number((await nsh.run(['-c', 'kept=yes; echo $PPID'])).stdout);
  sendSignal(pid, 'SIGKILL');
  const again = await nsh.run(['-c', 'echo $kept']);
  expect(again).toMatchObject({ status: 0, stdout: 'yes\n', stderr: '' });
  expect(await readFile(path.join(nsh.stateDir, 'server.log'), 'utf8')).toBe('');
});

test('an older devbox that still runs is named when one attaches', async () => {
  await using nsh = await nshHome();
  const server = await startServer({
    listen: { socketPath: socketPath(nsh.stateDir, nsh.env) },
    stateDir: nsh.stateDir,
    version: '0.0.1',
    env: nsh.env,
  });
  try {
    using terminal = openTerminal(process.execPath, [nsh.program, 's1'], {
      columns: 200,
      cwd: nsh.home,
      env: { ...nsh.env },
    });
    await terminal.waitFor(/nsh: the local devbox runs an older nsh: 0\.0\.1, this is \d+\.\d+\.\d+\.$/m);
    // Programs do not want to know.
    expect(await nsh.run(['-c', 'echo ran', 's1'])).toMatchObject({ stdout: 'ran\n', stderr: '' });
  } finally {
    await server.close();
  }
});

test('the built file is a program of its own: run by its path, it finds its node', async () => {
  await using nsh = await nshHome();
  const env = { ...nsh.env, PATH: path.dirname(process.execPath) + path.delimiter + (nsh.env.PATH ?? '') };
  expect(execFileSync(nsh.program, ['--version'], { env, encoding: 'utf8' })).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('what is typed before the prompt stands there is sent, line by line', async () => {
  await using nsh = await nshHome();
  using terminal = openTerminal(process.execPath, [nsh.program], { cwd: nsh.home, env: { ...nsh.env } });
  terminal.write('early=yes\recho "early $early"\r');
  await terminal.waitFor('early yes');
});
