import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BashSession } from '../../../src/devbox/engine/bash-session.ts';
import { listProcesses } from '../../../src/devbox/engine/processes/process-table.ts';
import { bashes, isAlive, label, machineBash, startShell, temporaryFolder } from './shell-under-test.ts';

const ODD = 'a b\'c"d\n$e `f` \\g ä*';

describe.each(bashes.map((bash) => [label(bash), bash] as const))('%s', (_name, bash) => {
  test('folders with spaces, quotes, newlines, $ and long paths', async () => {
    const folder = join(temporaryFolder(), ODD, 'x'.repeat(150));
    mkdirSync(folder, { recursive: true });
    const shell = await startShell({ bash, dir: join(folder, ODD), cwd: folder });
    expect(shell.session.cwd).toBe(folder);
    expect(statSync(join(folder, ODD)).mode & 0o777).toBe(0o700);
    const command = shell.launch('cat; pwd; mkdir "$PWD/sub"; cd sub', 'attached');
    await command.running.writeStdin('in ');
    command.running.closeStdin();
    expect(await command.outcome).toEqual({ kind: 'exited', exitStatus: 0, cwd: `${folder}/sub` });
    expect(command.stdout).toBe(`in ${folder}\n`);
    expect(shell.session.cwd).toBe(`${folder}/sub`);
    await shell.run(`mkdir $'\\xff\\xfe'; cd $'\\xff\\xfe'`);
    expect(shell.session.cwd).toBe(`${folder}/sub/\ufffd\ufffd`);
  });

  test('variables, functions, aliases, options, traps and the folder are there in the next command', async () => {
    const shell = await startShell({ bash });
    await shell.run(
      'cd /; export A=1; b="2 3"; declare -i n=4; f() { echo f; }; alias g="echo g"; umask 027',
    );
    await shell.run('set -o pipefail; shopt -s nullglob; declare -r r=5');
    const { stdout } = await shell.run(
      'echo $A "$b" $n $r $PWD; f; g; umask; shopt -q nullglob && echo null; false | true || echo pipefail',
    );
    expect(stdout).toBe('1 2 3 4 5 /\nf\ng\n0027\nnull\npipefail\n');
  });
});

test('what the shell inherits is what was given, no descriptor of the server, no history file', async () => {
  const home = temporaryFolder();
  writeFileSync(join(home, '.bash_history'), 'old\n');
  const shell = await startShell({
    env: { PATH: process.env.PATH ?? '', HOME: home, GIVEN: 'yes', PAGER: 'less' },
  });
  const { stdout } = await shell.run(
    'env | sed "s/=.*//" | sort | tr "\\n" " "; echo; echo $TERM $PAGER $GIT_PAGER',
  );
  expect(stdout.split('\n')).toEqual([
    expect.stringMatching(/^GIT_PAGER GIVEN HOME (OLDPWD )?PAGER PATH PWD SHLVL TERM _ $/),
    'dumb cat cat',
    '',
  ]);
  // 3 is the listing's own.
  expect((await shell.run('ls /dev/fd | tr "\\n" " "')).stdout).toBe('0 1 2 3 ');
  expect((await shell.run('history; cat ~/.bash_history')).stdout).toBe('old\n');
});

test('a symbolic link in the starting folder is kept in the path', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'real'));
  symlinkSync(join(folder, 'real'), join(folder, 'link'));
  const shell = await startShell({ cwd: join(folder, 'link') });
  expect((await shell.run('pwd')).stdout).toBe(`${folder}/link\n`);
});

test('a start that cannot be says why, and leaves nothing', async () => {
  const folder = temporaryFolder();
  const dir = join(folder, 'shell');
  const options = { bash: machineBash, dir, cwd: folder, env: {} };
  await expect(BashSession.start({ ...options, cwd: '/nosuch' })).rejects.toThrow(
    'A shell cannot start in /nosuch: ENOENT',
  );
  await expect(BashSession.start({ ...options, cwd: '/etc/passwd' })).rejects.toThrow('it is no directory');
  const notBash = (path: string) => ({ ...options, bash: { ...machineBash, path } });
  await expect(BashSession.start(notBash('/nosuch/bash'))).rejects.toThrow('Cannot start /nosuch/bash');
  await expect(BashSession.start(notBash('/bin/false'))).rejects.toThrow(
    '/bin/false did not become a shell: bash exited with 1.',
  );
  expect(readdirSync(folder)).toEqual([]);
  mkdirSync(dir);
  await expect(BashSession.start(options)).rejects.toThrow(`Cannot create the shell's folder ${dir}: EEXIST`);
});

test('close ends bash, its jobs and the running command, and removes the folder', async () => {
  const shell = await startShell();
  const { pid } = shell.session;
  await shell.run(
    'sleep 1000 & nohup sleep 1000 2>/dev/null & (trap "" HUP; sleep 1000) & kill -STOP %1; disown -a',
  );
  const running = shell.launch('echo go; sleep 1000 | sleep 1000; touch no');
  await running.seen('go\n');
  const closing = shell.session.close();
  expect(shell.session.close()).toBe(closing);
  expect(() => shell.launch('true')).toThrow();
  await closing;
  expect(await running.outcome).toMatchObject({
    kind: 'shell_ended',
    end: { message: 'the shell was closed' },
  });
  expect((await shell.session.ended).message).toBe('the shell was closed');
  expect((await listProcesses()).filter((row) => row.sid === pid && row.state !== 'Z')).toEqual([]);
  expect(readdirSync(shell.folder)).toEqual([]);
});

test('closing lets the EXIT trap run', async () => {
  const shell = await startShell();
  await shell.run('trap "touch trapped" EXIT');
  await shell.session.close();
  expect(existsSync(join(shell.folder, 'trapped'))).toBe(true);
});

test('after a shell has ended by itself its folder is gone, its jobs live, and close ends them', async () => {
  const shell = await startShell();
  const first = await shell.run('sleep 1000 & echo $!');
  await shell.run('exit 0');
  await shell.session.ended;
  const job = Number(first.stdout);
  expect(await isAlive(job)).toBe(true);
  await shell.session.close();
  expect(await isAlive(job)).toBe(false);
  expect(readdirSync(shell.folder)).toEqual([]);
});

test('release ends bash, with its EXIT trap, and leaves its jobs, whose output still arrives', async () => {
  const shell = await startShell();
  const only = await shell.run(
    'trap "echo bye; echo err >&2" EXIT; mkfifo gate; { cat <gate; echo job; } & echo now',
  );
  const { pid } = shell.session;
  await shell.session.release();
  expect(await isAlive(pid)).toBe(false);
  expect(existsSync(join(shell.folder, 'shell'))).toBe(false);
  await only.seen('bye\n', 'late');
  await only.seen('err\n', 'late');
  expect(only.late).not.toContain('exit');
  writeFileSync(join(shell.folder, 'gate'), 'through\n');
  await only.seen('through\njob\n', 'late');
  expect(only.stdout).toBe('now\n');
});

test('a server that is killed leaves no bash behind once the command is over', async () => {
  const folder = temporaryFolder();
  const server = fork(new URL('./killed-server.ts', import.meta.url), [folder], {
    execArgv: [], // not the test runner's own
  });
  const [pid] = (await once(server, 'message')) as [number];
  server.kill('SIGKILL');
  await once(server, 'exit');
  writeFileSync(join(folder, 'gate'), 'go\n');
  while (await isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
});

test.each([
  ['does not report the end', 'builtin() { :; }'],
  ['is restricted', 'set -r'],
])('a shell that %s is ended with a clear word', async (_what, command) => {
  const shell = await startShell({ answerLimitMs: 500 });
  const broken = await shell.run(command);
  expect(broken.result).toMatchObject({
    kind: 'shell_ended',
    end: { message: 'bash gave no answer, so the shell was ended' },
  });
});

test('a shell that does not begin is ended with a clear word', async () => {
  const shell = await startShell({ answerLimitMs: 500 });
  // The DEBUG trap meets the lines that begin the next command.
  await shell.run("shopt -s extdebug; trap '[[ $BASH_COMMAND != *__nsh_b* ]]' DEBUG");
  const stuck = shell.launch('echo never');
  expect(await stuck.outcome).toMatchObject({ kind: 'shell_ended', exitStatus: 137 });
  expect(stuck.stdout).toBe('');
});
