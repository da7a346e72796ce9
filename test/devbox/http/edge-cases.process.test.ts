import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';
import { ENDING, SURVIVED, SYNTAX_ERROR } from '../edge-case-rows.ts';
import { bashes, isAlive, label } from '../engine/shell-under-test.ts';
import { BodyReader } from './body-reader.ts';
import { execute, launch, whenStatus } from './commands.ts';
import { get, post } from './raw-client.ts';

let names = 0;
/** A shell that no other test has. */
const freshName = () => `edge-${++names}`;

describe.each(bashes.map((bash) => [label(bash), bash] as const))('%s', (_name, bash) => {
  let devbox: TestDevbox;
  beforeAll(async () => {
    const env = { PATH: `${dirname(bash.path)}:${process.env.PATH}`, LANG: 'C.UTF-8' };
    devbox = await startTestDevbox({ env: { ...env, HOME: process.env.HOME } });
  });
  afterAll(() => devbox[Symbol.asyncDispose]());

  const view = async (id: string) => (await get(devbox, routes.execution('local', id))).body;
  const signal = (id: string, name: string) => post(devbox, routes.sendStdIn('local', id), { signal: name });
  /** Resolves when the execution has written so many bytes, with all that it has. */
  const wrote = async (id: string, bytes: number) =>
    String(await (await BodyReader.open(devbox, routes.output('local', id, 'stdout'))).atLeast(bytes));
  const backgroundJob = async (shell: string) =>
    Number((await execute(devbox, 'sleep 1000 & echo $!', shell)).stdout);

  // An empty text is refused before it gets to a shell.
  test.each(SURVIVED.filter(({ command }) => command !== ''))('survives: $command', async (row) => {
    const shell = freshName();
    const done = await execute(devbox, row.command, shell);
    const status = row.status === SYNTAX_ERROR && bash.major < 4 ? 1 : row.status;
    expect(done).toMatchObject({ status: 'completed', exit_status: status });
    if (row.stdout !== undefined) expect(done.stdout).toEqual(asMatcher(row.stdout));
    expect(done.stderr).toEqual(asMatcher(row.stderr ?? ''));
    const next = await execute(devbox, '\\builtin echo "$?"', shell);
    expect(next.stdout).toContain(`${row.next ?? status}\n`);
  });

  test.each(ENDING)('ends the shell: $command', async ({ command, status, message }) => {
    const shell = freshName();
    const gate = await launch(devbox, `v=lost; cat; echo before; ${command}`, shell, true);
    const waiting = await launch(devbox, 'echo never', shell);
    await signal(gate, 'EOF');
    expect(await whenStatus(devbox, gate)).toMatchObject({
      exit_status: status,
      stdout: 'before\n',
      stderr: '',
      nsh: { end_reason: 'shell_ended', message: expect.stringContaining(message) },
    });
    expect(await whenStatus(devbox, waiting)).toMatchObject({ stdout: '', nsh: { end_reason: 'cancelled' } });
    expect((await execute(devbox, 'echo "[$v]"', shell)).stdout).toBe('[]\n');
  });

  test('a NUL in the command is refused, in the output it is exact', async () => {
    const shell = freshName();
    const refused = await post(devbox, routes.execute('local'), {
      command: 'echo a\0b',
      command_id: '0199aaaa-0000-7000-8000-000000000000',
      shell_name: shell,
    });
    expect(refused.status).toBe(400);
    expect(refused.body.message).toMatch(/NUL/);
    expect((await execute(devbox, String.raw`printf 'a\0b'`, shell)).stdout).toBe('a\0b');
  });

  test('the output of an EXIT trap belongs to the command that ended the shell', async () => {
    const shell = freshName();
    await execute(devbox, 'trap "echo bye; echo err >&2" EXIT', shell);
    expect(await execute(devbox, 'echo last; exit 4', shell)).toMatchObject({
      exit_status: 4,
      stdout: 'last\nbye\n',
      stderr: 'err\n',
    });
  });

  test('exec >FILE is undone after the command, exec 5>FILE stays', async () => {
    const shell = freshName();
    const folder = (
      await execute(devbox, 'cd "$(mktemp -d)"; exec >out 5>five; echo in the file; pwd', shell)
    ).nsh.cwd;
    expect((await execute(devbox, 'echo five >&5; cat out five', shell)).stdout).toBe(
      `in the file\n${folder}\nfive\n`,
    );
    await execute(devbox, `rm -r ${folder}`, shell);
  });

  test('a background job does not hold its command; what it prints later is late output', async () => {
    const shell = freshName();
    const started = await execute(
      devbox,
      'd=$(mktemp -d); { until [ -e $d/go ]; do sleep 0.01; done; echo late; } & echo now',
      shell,
    );
    expect(started).toMatchObject({ exit_status: 0, stdout: 'now\n' });
    await execute(devbox, 'touch $d/go; wait; rm -r $d', shell);
    await expect.poll(async () => (await view(started.execution_id)).nsh.late_stdout_bytes).toBe(5);
  });

  test('Ctrl-C: a loop under trap "" INT goes on, the jobs of earlier live, and kill ends it', async () => {
    const shell = freshName();
    const job = await backgroundJob(shell);
    const id = await launch(
      devbox,
      'trap "" INT; while :; do read -t 0.02 x </dev/zero; echo tick; done',
      shell,
    );
    const before = await wrote(id, 5);
    await signal(id, 'INTERRUPT');
    await wrote(id, before.length + 50);
    expect((await view(id)).status).toBe('running');
    expect(await isAlive(job)).toBe(true);
    await post(devbox, routes.kill('local', id));
    expect(await whenStatus(devbox, id)).toMatchObject({ exit_status: 137 });
  });

  test.each([
    ['a child', 'echo go; sleep 100; echo no'],
    ['a loop of builtins', 'echo go; while :; do :; done'],
    ['a pipeline', 'echo go; sleep 100 | cat; echo no'],
  ])('Ctrl-C ends %s with 130; state and background job stay', async (_what, command) => {
    const shell = freshName();
    const job = await backgroundJob(shell);
    const id = await launch(devbox, `v=kept; ${command}`, shell);
    await wrote(id, 3);
    await signal(id, 'INTERRUPT');
    const ended = await whenStatus(devbox, id);
    expect(ended).toMatchObject({ exit_status: 130 });
    expect(ended.stdout).not.toContain('no');
    expect((await execute(devbox, 'echo "$? $v"', shell)).stdout).toBe('130 kept\n');
    expect(await isAlive(job)).toBe(true);
  });

  test.runIf(process.platform === 'linux')(
    'Ctrl-C: what follows a program that cleans up and exits is run',
    async () => {
      const shell = freshName();
      const program = `sh -c 'trap "echo cleaned up; exit 3" INT; sleep 0.05; echo go; while :; do sleep 0.05; done'`;
      const id = await launch(devbox, `${program}; echo "then $?"`, shell);
      await wrote(id, 3);
      await signal(id, 'INTERRUPT');
      expect(await whenStatus(devbox, id)).toMatchObject({
        exit_status: 0,
        stdout: 'go\ncleaned up\nthen 3\n',
      });
    },
  );

  test('a text of 1 MiB', async () => {
    const done = await execute(devbox, `x='${'ä'.repeat(2 ** 19 - 32)}'; echo \${#x}`, freshName());
    expect(done).toMatchObject({ exit_status: 0, stdout: expect.stringMatching(/^(524256|1048512)\n$/) });
  });

  test('a shell that can answer no more is ended with a clear word, and the next command has a fresh one', async () => {
    const shells = ['set -r', 'builtin() { :; }; readonly -f builtin'].map(async (command) => {
      const shell = freshName();
      const done = await execute(devbox, command, shell);
      // Where it did not get in the way of anything, the shell goes on.
      if (done.nsh.end_reason !== 'shell_ended') return;
      expect(done.nsh.message).toContain('so the shell was ended');
      expect((await execute(devbox, 'echo fine', shell)).stdout).toBe('fine\n');
    });
    await Promise.all(shells);
  }, 60_000);
});

function asMatcher(expected: string | RegExp) {
  return typeof expected === 'string' ? expected : expect.stringMatching(expected);
}
