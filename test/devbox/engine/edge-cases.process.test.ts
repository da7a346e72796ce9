import { describe, expect, test } from 'vitest';
import { ENDING, SURVIVED, SYNTAX_ERROR } from '../edge-case-rows.ts';
import { bashes, label, startShell } from './shell-under-test.ts';

describe.each(bashes.map((bash) => [label(bash), bash] as const))('%s', (_name, bash) => {
  test.each(SURVIVED)('survives: $command', async (row) => {
    const shell = await startShell({ bash });
    const done = await shell.run(row.command);
    const status = row.status === SYNTAX_ERROR && bash.major < 4 ? 1 : row.status;
    expect(done.result).toMatchObject({ kind: 'exited', exitStatus: status });
    if (row.stdout !== undefined) expect(done.stdout).toEqual(asMatcher(row.stdout));
    expect(done.stderr).toEqual(asMatcher(row.stderr ?? ''));
    const next = await shell.run('\\builtin echo "$?"');
    expect(next.stdout).toContain(`${row.next ?? status}\n`);
    expect(next.result).toMatchObject({ kind: 'exited', exitStatus: 0 });
  });

  test.each(ENDING)('ends the shell: $command', async ({ command, status, message }) => {
    const shell = await startShell({ bash });
    const done = await shell.run(`echo before; ${command}`);
    expect(done.result).toMatchObject({ kind: 'shell_ended', exitStatus: status, end: { message } });
    expect(done.stdout).toBe('before\n');
    expect(done.stderr).toBe('');
    expect(await shell.session.ended).toMatchObject({ exitStatus: status, message });
    expect(() => shell.launch('true')).toThrow('The shell has ended: start a new one.');
  });

  test('the output of an EXIT trap belongs to the command that ended the shell', async () => {
    const shell = await startShell({ bash });
    await shell.run('trap "echo bye; echo err >&2" EXIT; sleep 0.01 &');
    const done = await shell.run('echo last; exit 4');
    expect(done.stdout).toBe('last\nbye\n');
    expect(done.stderr).toBe('err\n');
    expect(done.result).toMatchObject({ kind: 'shell_ended', exitStatus: 4 });
  });

  test('no job notice reaches a command', async () => {
    const shell = await startShell({ bash });
    await shell.run('true & wait');
    const { stderr, stdout } = await shell.run('true & true | true; /bin/true; echo done');
    expect({ stderr, stdout }).toEqual({ stderr: '', stdout: 'done\n' });
  });

  test('$? is carried over, after commands and after an interrupt', async () => {
    const shell = await startShell({ bash });
    expect((await shell.run('echo $?')).stdout).toBe('0\n');
    await shell.run('(exit 42)');
    expect((await shell.run('echo $?; (exit 7)')).stdout).toBe('42\n');
    const looping = shell.launch('while :; do :; done');
    looping.running.interrupt();
    expect(await looping.outcome).toMatchObject({ exitStatus: 130 });
    expect((await shell.run('echo $?')).stdout).toBe('130\n');
  });

  test('a text of 1 MiB', async () => {
    const shell = await startShell({ bash });
    const done = await shell.run(`x='${'ä'.repeat(2 ** 19)}'; echo \${#x} "$LANG"`);
    expect(done.status).toBe(0);
    expect(done.stdout).toMatch(/^(524288|1048576) /);
  });
});

test('a NUL in the command is refused', async () => {
  const shell = await startShell();
  expect(() => shell.launch('echo a\0b')).toThrow('NUL character');
  expect((await shell.run('echo fine')).stdout).toBe('fine\n');
});

test('one command at a time', async () => {
  const shell = await startShell();
  const first = shell.launch('read x', 'attached');
  expect(() => shell.launch('true')).toThrow('one at a time');
  first.running.closeStdin();
  await first.outcome;
  expect((await shell.run('echo free')).stdout).toBe('free\n');
});

function asMatcher(expected: string | RegExp) {
  return typeof expected === 'string' ? expected : expect.stringMatching(expected);
}
