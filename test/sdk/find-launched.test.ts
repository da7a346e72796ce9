import { expect, it } from 'vitest';
import { candidates } from '../../src/sdk/find-launched.ts';
import { started } from './scripted-launch.ts';

const NOW = 1_800_000_000_000;
const launch = { command: 'make', mergeStderr: false, shellName: 'main', sentAt: NOW };
const at = (ms: number, more: object = {}) => ({ timestamp_ms: NOW + ms, ...more });
const known = (id: string) => id.startsWith('own');

it.each([
  ['one of its text', [started('make', 'a', at(5))], ['a']],
  ['also by a clock that is behind', [started('make', 'a', at(-59_000))], ['a']],
  ['none of long before', [started('make', 'a', at(-61_000))], []],
  ['none of another text', [started('make all', 'a', at(5))], []],
  ['none of another shell', [started('make', 'a', at(5, { shell_name: 'b' }))], []],
  ['none without a shell', [started('make', 'a', at(5, { shell_name: null }))], []],
  ['none that this client launched', [started('make', 'own-1', at(5))], []],
  [
    'none older than the newest of its own',
    [started('make', 'a', at(-900)), started('ls', 'own-1', at(-500)), started('make', 'b', at(3))],
    ['b'],
  ],
  ['all that it may be', [started('make', 'a', at(5)), started('make', 'b', at(6))], ['a', 'b']],
  [
    'its start, not its end',
    [started('make', 'a', at(5)), { ...started('make', 'a', at(9)), cmd: null }],
    ['a'],
  ],
])('takes %s', (_name, logs, expected) => {
  expect(candidates(logs, launch, known)).toEqual(expected);
});

it('takes a command without a shell for one without a shell', () => {
  const logs = [started('make', 'a', at(5)), started('make', 'b', at(5, { shell_name: undefined }))];
  expect(candidates(logs, { ...launch, shellName: undefined }, known)).toEqual(['b']);
});

it('finds a command whose stderr bash merges as bash was told it', () => {
  const merged = { ...launch, command: "echo 'a b'", mergeStderr: true };
  const logs = [started("eval 'echo '\\''a b'\\''' 2>&1", 'a', at(5)), started("echo 'a b'", 'b', at(6))];
  expect(candidates(logs, merged, known)).toEqual(['a']);
});
