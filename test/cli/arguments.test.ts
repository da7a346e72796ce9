import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../src/cli/arguments.ts';
import type { CliError } from '../../src/cli/cli-error.ts';

const local = { devbox: {} };

function refusal(...args: string[]): CliError {
  try {
    parseArguments(args);
  } catch (error) {
    return error as CliError;
  }
  throw new Error(`accepted: ${args.join(' ')}`);
}

describe('what is asked for', () => {
  test.each([
    [[], { kind: 'attach', shell: { name: 'main' }, stopAtFailure: false, ...local }],
    [['s1'], { kind: 'attach', shell: { name: 's1' }, stopAtFailure: false, ...local }],
    [['--new'], { kind: 'attach', shell: {}, stopAtFailure: false, ...local }],
    [['-e', 's1'], { kind: 'attach', shell: { name: 's1' }, stopAtFailure: true, ...local }],
    [['-c', 'echo $A', 's1'], { kind: 'run', command: 'echo $A', shell: { name: 's1' }, ...local }],
    [['s1', '-c', 'echo $A'], { kind: 'run', command: 'echo $A', shell: { name: 's1' }, ...local }],
    [['s1', '--command=-x'], { kind: 'run', command: '-x', shell: { name: 's1' }, ...local }],
    [['-c', '-x'], { kind: 'run', command: '-x', shell: { name: 'main' }, ...local }],
    [['-c', ''], { kind: 'run', command: '', shell: { name: 'main' }, ...local }],
    [['ls'], { kind: 'ls', json: false, ...local }],
    [['--json', 'ls'], { kind: 'ls', json: true, ...local }],
    [['history'], { kind: 'history', name: 'main', limit: 100, json: false, ...local }],
    [['history', 's1', '-n', '5', '--json'], { kind: 'history', name: 's1', limit: 5, json: true, ...local }],
    [
      ['log', 's1', '7'],
      { kind: 'log', name: 's1', which: '7', follow: false, late: false, json: false, ...local },
    ],
    [
      ['log', '--follow', '--shell', 'log', 'exec_1'],
      { kind: 'log', name: 'log', which: 'exec_1', follow: true, late: false, json: false, ...local },
    ],
    [['watch', 's1'], { kind: 'watch', name: 's1', json: false, ...local }],
    [['close', 's1'], { kind: 'close', name: 's1', force: false, ...local }],
    [['close', 'ls'], { kind: 'close', name: 'ls', force: false, ...local }],
    [['close', '--shell=-x'], { kind: 'close', name: '-x', force: false, ...local }],
    [['close', '-f', 's1'], { kind: 'close', name: 's1', force: true, ...local }],
    [['stop'], { kind: 'stop' }],
    [['serve'], { kind: 'serve', listen: '127.0.0.1:0', allowRemote: false, json: false }],
    [
      ['serve', '--listen', '[::1]:80', '--json', '--allow-remote'],
      { kind: 'serve', listen: '[::1]:80', allowRemote: true, json: true },
    ],
    [['serve', '--background'], { kind: 'serve-background' }],
    [['ls', '--help'], { kind: 'help' }],
    [['help'], { kind: 'help' }],
    [['-V'], { kind: 'version' }],
    [
      ['--devbox', 'dbx_1', '--base-url', 'http://h:1', 's'],
      {
        kind: 'attach',
        shell: { name: 's' },
        stopAtFailure: false,
        devbox: { devboxId: 'dbx_1', baseUrl: 'http://h:1' },
      },
    ],
    [
      ['--devbox', 'dbx_1', '--keep-alive'],
      {
        kind: 'attach',
        shell: { name: 'main' },
        stopAtFailure: false,
        devbox: { devboxId: 'dbx_1', keepAlive: true },
      },
    ],
  ])('%j', (args, expected) => {
    expect(parseArguments(args)).toEqual(expected);
  });

  test.each([[['--', 'ls']], [['--shell', 'ls']], [['-s', 'ls']]])(
    'a shell called like a command: %j',
    (args) => {
      expect(parseArguments(args)).toMatchObject({ kind: 'attach', shell: { name: 'ls' } });
    },
  );
});

describe('refusals say what is wrong and what to do, with status 64', () => {
  test.each([
    [['--jsno', 'ls'], 'unknown option `--jsno`. Did you mean `--json`? See `nsh --help`.'],
    [['--comand=x'], 'unknown option `--comand`. Did you mean `--command`? See `nsh --help`.'],
    [['--zzzzzzzzzz'], 'unknown option `--zzzzzzzzzz`. See `nsh --help`.'],
    [['-x'], 'unknown option `-x`. See `nsh --help`.'],
    [
      ['--keep-alive'],
      '`--keep-alive` is for a remote devbox: name it with `--devbox ID`. The local one lives on by itself. See `nsh --help`.',
    ],
    [
      ['log', 's1'],
      '`nsh log` needs the name of a shell and a number of `nsh history`: `nsh log NAME N`. See `nsh --help`.',
    ],
    [
      ['log', 's1', '0'],
      '`0` is no number of a command: they begin with 1, and `nsh history` shows them. See `nsh --help`.',
    ],
    [['history', '-n', '0'], '`--limit 0` is not a whole number of 1 or more. See `nsh --help`.'],
    [['-c'], '`-c` needs a value: `-c CMD`. See `nsh --help`.'],
    [['--shell', '--new'], '`--shell` needs a value: `--shell NAME`. See `nsh --help`.'],
    [['--new=1'], '`--new` takes no value. See `nsh --help`.'],
    [['-c', 'a', '-c', 'b'], '`-c` is given twice. See `nsh --help`.'],
    [
      ['a', 'b'],
      "one shell name is enough, but got `a` and `b`. To run a command: `nsh -c 'a b'`. See `nsh --help`.",
    ],
    [['close', 'a', 'b'], 'one shell name is enough, but got `a` and `b`. See `nsh --help`.'],
    [['a', '-s', 'b'], 'the shell is named twice: `a` and `--shell b`. See `nsh --help`.'],
    [['--new', 'a'], '`--new` makes a name of its own, but got `a` too. See `nsh --help`.'],
    [['ls', 'a'], '`nsh ls` takes no argument, but got `a`. See `nsh --help`.'],
    [['stop', '--devbox', 'x'], '`nsh stop` takes no `--devbox`. See `nsh --help`.'],
    [['--listen', 'x:1'], '`--listen` belongs to `nsh serve`. See `nsh --help`.'],
    [
      ['--json'],
      '`--json` belongs to `nsh ls`, `nsh history`, `nsh log`, `nsh watch` and `nsh serve`. See `nsh --help`.',
    ],
    [['close'], '`nsh close` needs the name of a shell: `nsh close NAME`. See `nsh --help`.'],
    [
      ['-e', '-c', 'x'],
      '`--errexit` is for scripts on stdin: `-c` runs one command alone. See `nsh --help`.',
    ],
    [
      ['--base-url', 'http://h'],
      '`--base-url` says where a remote devbox is: name it with `--devbox ID`. See `nsh --help`.',
    ],
    [
      ['--devbox', 'a', '--base-url', 'h:1'],
      '`--base-url h:1` is not an http or https address. See `nsh --help`.',
    ],
  ])('%j', (args, message) => {
    expect(refusal(...args)).toMatchObject({ exitStatus: 64, message });
  });
});

test.each([[['']], [['close', '']], [['--shell=']]])('an empty name is refused with 65: %j', (args) => {
  expect(refusal(...args)).toMatchObject({ exitStatus: 65, message: 'the name of a shell cannot be empty.' });
});
