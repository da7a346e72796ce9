import { describe, expect, test } from 'vitest';
import { bashes, label, startShell } from './shell-under-test.ts';

interface Row {
  command: string;
  status: number;
  stdout?: string | RegExp;
  stderr?: string | RegExp;
  /** What a following `echo "$?"` finds; the shell must be alive for it. Default: `status`. */
  next?: number;
}

const CLEAN = '';
/** 2; bash 3.2 says 1. */
const SYNTAX_ERROR = 2;

/** Each runs in a shell that stays alive. */
const SURVIVED: Row[] = [
  { command: 'if', status: SYNTAX_ERROR, stderr: /syntax error/ },
  { command: 'echo a; }', status: SYNTAX_ERROR, stderr: /syntax error/ },
  { command: 'echo "open', status: SYNTAX_ERROR, stderr: /unexpected EOF/ },
  { command: 'echo $(echo', status: SYNTAX_ERROR, stderr: /unexpected EOF|syntax error/ },
  { command: 'cat <<END\ntext', status: 0, stdout: /^text\n?$/, stderr: /here-document|^$/ },
  { command: '# nothing', status: 0 },
  { command: 'echo a # comment', status: 0, stdout: 'a\n' },
  { command: '', status: 0 },
  { command: ' \n\t\n', status: 0 },
  { command: 'echo a\\', status: 0, stdout: /^a\\?\n$/ },
  { command: 'echo !! !$ !x', status: 0, stdout: '!! !$ !x\n' },
  { command: '(exit 42)', status: 42 },
  { command: 'true; false', status: 1 },
  { command: 'nosuchcommand', status: 127, stderr: /not found/ },
  { command: 'set -u; echo $nosuch', status: 1, stderr: /unbound/ },
  { command: 'readonly r=1; r=2', status: 1, stderr: /readonly/ },
  { command: 'exec nosuchprogram', status: 127, stderr: /not found/ },
  { command: 'exec >/dev/null', status: 0 },
  { command: 'read x; echo "$? [$x]"', status: 0, stdout: '1 []\n' },
  { command: 'cat', status: 0, stdout: CLEAN },
  { command: 'cat </dev/tty', status: 1, stderr: /tty/ },
  { command: 'bash -ic "echo inner" 2>/dev/null', status: 0, stdout: 'inner\n' },
  { command: "sh -c 'kill -STOP $$'", status: 147, next: 147 },
  {
    command: 'echo o >/dev/stdout; echo e >/dev/stderr; echo o2',
    status: 0,
    stdout: 'o\no2\n',
    stderr: 'e\n',
  },
  { command: 'PROMPT_COMMAND="echo prompt"; PS1="> "; PS4=x; IFS=0123456789', status: 0 },
  { command: 'set -nv', status: 0 },
  { command: 'set -o posix', status: 0 },
  { command: 'set -C; IFS=; printf() { echo mine; }; read() { echo mine; }', status: 0 },
  { command: 'alias printf=false eval=false unset=false', status: 0 },
  { command: 'break; continue', status: 0, stderr: /only meaningful/ },
  { command: 'unset PWD; set -u', status: 0 },
  { command: 'trap "echo dbg >&2" DEBUG', status: 0 },
  { command: 'set -e; ! true', status: 1 },
  { command: 'set -e; [ -f nosuch ] && echo no', status: 1 },
  { command: 'set -e; trap "echo err >&2" ERR; false || (exit 3) || true', status: 0 },
  { command: 'exec 5>five; echo five >&5', status: 0 },
  { command: 'eval "exit() { echo caught; }"; exit 3', status: 0, stdout: 'caught\n' },
  { command: 'suspend; echo resumed', status: 0, stdout: 'resumed\n' },
  { command: 'kill -STOP $$; echo resumed', status: 0, stdout: 'resumed\n' },
];

describe.each(bashes.map((bash) => [label(bash), bash] as const))('%s', (_name, bash) => {
  test.each(SURVIVED)('survives: $command', async (row) => {
    const shell = await startShell({ bash });
    const done = await shell.run(row.command);
    const status = row.status === SYNTAX_ERROR && bash.major < 4 ? 1 : row.status;
    expect(done.result).toMatchObject({ kind: 'exited', exitStatus: status });
    if (row.stdout !== undefined) expect(done.stdout).toEqual(asMatcher(row.stdout));
    expect(done.stderr).toEqual(asMatcher(row.stderr ?? CLEAN));
    const next = await shell.run('\\builtin echo "$?"');
    expect(next.stdout).toContain(`${row.next ?? status}\n`);
    expect(next.result).toMatchObject({ kind: 'exited', exitStatus: 0 });
  });

  test.each([
    { command: 'exit 3', status: 3, message: 'bash exited with 3' },
    { command: 'set -e; false', status: 1, message: 'bash exited with 1' },
    { command: 'kill -9 $$', status: 137, message: 'bash was ended by SIGKILL' },
    { command: 'exec true', status: 0, message: 'bash exited with 0' },
  ])('ends the shell: $command', async ({ command, status, message }) => {
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
