import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type NshHome, nshHome } from '../helpers/nsh.ts';

let nsh: NshHome;
beforeAll(async () => {
  nsh = await nshHome();
});
afterAll(() => nsh[Symbol.asyncDispose]());

test('the acceptance of scripts: status of the last, and the state is there for the next command', async () => {
  const { status, stdout, stderr } = await nsh.run(['s1'], { input: 'cd /tmp\nexport A=1\nfalse\n' });
  expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: '', stderr: '' });
  expect((await nsh.run(['-c', 'echo $A $PWD', 's1'])).stdout).toBe('1 /tmp\n');
});

describe('a script on stdin', () => {
  test.each([
    ['echo a\necho b >&2\necho c', 0, 'a\nc\n', 'b\n'],
    ['', 0, '', ''],
    ['if true\nthen\n  echo yes\nfi\n', 0, 'yes\n', ''],
    ['cat <<END\n$HOME_OF_NOBODY one\n\n# two\nEND\n', 0, ' one\n\n# two\n', ''],
    ['echo a \\\n  b\n', 0, 'a b\n', ''],
    ['f() {\n  echo in f\n}\nf\n', 0, 'in f\n', ''],
    ["echo 'a\n\nb'\n", 0, 'a\n\nb\n', ''],
    ['false\n\n# a comment\n', 1, '', ''],
    ['(exit 3)\necho $?\n', 0, '3\n', ''],
    ['exit 3\necho never\n', 3, '', ''],
    ['cat\necho after\n', 0, 'after\n', ''],
  ])('%j', async (input, status, stdout, stderr) => {
    const end = await nsh.run(['--new'], { input });
    expect({ status: end.status, stdout: end.stdout, stderr: end.stderr }).toEqual({
      status,
      stdout,
      stderr,
    });
  });

  test('an unfinished end is bash’s to report, with status 2', async () => {
    const { status, stdout, stderr } = await nsh.run(['--new'], { input: 'echo a\nif true; then\n' });
    expect({ status, stdout }).toEqual({ status: 2, stdout: 'a\n' });
    expect(stderr).toMatch(/unexpected end of file/);
  });

  test('-e stops at the first command that fails', async () => {
    const input = 'echo a\n(exit 5)\necho never\n';
    expect(await nsh.run(['-e', '--new'], { input })).toMatchObject({ status: 5, stdout: 'a\n' });
    expect(await nsh.run(['--new'], { input })).toMatchObject({ status: 0, stdout: 'a\nnever\n' });
  });

  test('--keep-alive is refused: it would do nothing', async () => {
    const args = ['--devbox', 'dbx_1', '--base-url', 'http://127.0.0.1:9', '--keep-alive'];
    const { status, stderr } = await nsh.run(args, { input: 'true\n', env: { RUNLOOP_API_KEY: 'any-key' } });
    expect({ status, stderr }).toEqual({
      status: 64,
      stderr: 'nsh: `--keep-alive` is for the REPL at a terminal: a script ends by itself.\n',
    });
  });

  test('a command runs before the next line is there', async () => {
    const running = nsh.start(['slowly']);
    running.child.stdin.write('echo one\n');
    await running.printed('one\n');
    running.child.stdin.end('echo two\n');
    expect(await running.ended).toMatchObject({ status: 0, stdout: 'one\ntwo\n' });
  });

  test('Ctrl-C ends the command and the script', async () => {
    const running = nsh.start(['--new']);
    running.child.stdin.end('echo go; sleep 1000\necho never\n');
    await running.printed('go');
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ status: 130, stdout: 'go\n', stderr: '' });
  });

  test('Ctrl-C between two commands ends nsh', async () => {
    const running = nsh.start(['--new']);
    running.child.stdin.write('echo one\necho two >&2\n');
    await running.complained('two\n');
    // The end of the second command is told a moment after its output: the signal may still be for it.
    running.child.kill('SIGINT');
    const again = setInterval(() => running.child.kill('SIGINT'), 300);
    expect((await running.ended).status).toBe(130);
    clearInterval(again);
  });
});

describe('what cannot be a command is refused with 65, its line, and nothing behind it runs', () => {
  test.each([
    ['a NUL', Buffer.from('echo a\n\necho \0\necho never\n'), /^nsh: line 3: [^\n]*NUL[^\n]*\n$/],
    [
      'no UTF-8',
      Buffer.from('echo a\necho \xff\necho never\n', 'latin1'),
      /^nsh: line 2 is not UTF-8[^\n]*\n$/,
    ],
    [
      'more than 1 MiB',
      Buffer.from(`echo a\n: ${'x'.repeat(1024 * 1024)}\necho never\n`),
      /^nsh: line 2[: ][^\n]*1048576[^\n]*\n$/,
    ],
    [
      'more than 1 MiB in several lines',
      Buffer.from(`echo a\n: '${'xxxxxxx\n'.repeat(140_000)}'\necho never\n`),
      /^nsh: line 2: [^\n]*1048576[^\n]*\n$/,
    ],
  ])('%s', async (_, input, message) => {
    const { status, stdout, stderr } = await nsh.run(['--new'], { input });
    expect({ status, stdout }).toEqual({ status: 65, stdout: 'a\n' });
    expect(stderr).toMatch(message);
  });
});
