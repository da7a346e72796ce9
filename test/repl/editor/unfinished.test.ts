import { describe, expect, test } from 'vitest';
import { createUnfinishedCheck, shellCheck } from '../../../src/repl/editor/unfinished.ts';

test.each([
  'if true', 'if true; then', 'if true; then a', 'if a\nthen b\nelif c', 'for i in 1 2', 'for i in 1 2; do', 'while :; do a',
  'until x', 'select x in a;', 'case x in', 'case x in a) b ;;', 'f() {', 'f() { a;', 'function f', '{ a;', '(a', '((1+',
  '[[ -n a', 'a &&', 'a ||', 'a | ', 'a |& # why', 'echo "a', "echo 'a", "echo $'a", 'echo `a', 'echo $(a', 'echo "$(if x',
  'echo ${a', 'echo $((1', 'a=(1 2', 'a <(b', 'cat <<E', 'cat <<E\nfoo', "cat <<'E F'\nE\n", 'cat <<-E\n\tfoo\n', 'cat <<A <<B\n1\nA',
  '(cat <<E\nE', 'echo \\', 'echo a \\', 'echo a\\\\\\', 'case x in\n a | \\', 'echo "a\\',
])('unfinished: %j', async (text) => {
  expect((await shellCheck.examine(text)).kind).toBe('unfinished');
}); // biome-ignore format: a table

test.each([
  '', '  \n', 'ls', 'cd /tmp', 'git commit -m fix', 'FOO=1 make', 'echo $HOME', '# if', 'echo a # b \\', 'echo \\\\', 'echo \\\n',
  'if a; then b; fi', 'for i in 1; do a; done', 'case x in a) b ;; esac', 'f() { a; }', 'echo "a"', 'cat <<E\nfoo\nE',
  "cat <<'E F'\nE\nE F", 'cat <<-E\n\tfoo\n\tE', 'a &', 'echo {a', '[ a', 'echo if', 'echo "(" \')\'',
  'fi', 'echo )', 'a=(1) b', 'if fi', 'a; ; b', '&& a', 'echo >', 'echo 2>&', 'echo $((1+2)', 'done', '{ a; }; }', 'echo é 語',
])('finished: %j', async (text) => {
  expect((await shellCheck.examine(text)).kind).not.toBe('unfinished');
}); // biome-ignore format: a table

test.each([
  ['if a; then b', 'fi'],
  ['if a', 'then'],
  ['while a; do b', 'done'],
  ['case x', 'in'],
  ['case x in a)', 'esac'],
  ['echo "a', '"'],
  ["echo 'a", "'"],
  ['echo `a', '`'],
  ['f() { a', '}'],
  ['echo $(a', ')'],
  ['echo $((1', ')'],
  ['[[ -n a', ']'],
  ['cat <<END\na', 'END'],
  ["cat <<'A B'\n", 'A B'],
  ['a &&', undefined],
  ['echo \\', undefined],
])('%j awaits %j', async (text, awaits) => {
  const verdict = await shellCheck.examine(text);
  expect(verdict).toEqual(awaits === undefined ? { kind: 'unfinished' } : { kind: 'unfinished', awaits });
});

test.each(['fi', 'echo )', 'a | ((b "$c"; d) | e)', 'echo >'])(
  'refused, for bash to judge: %j',
  async (text) => {
    expect(await shellCheck.examine(text)).toEqual({ kind: 'refused' });
  },
);

describe('without a parser', () => {
  test('what needs one is refused, and the reason can be asked for', async () => {
    const check = createUnfinishedCheck(() => Promise.reject(new Error('no such file: main.wasm')));
    check.warmUp();
    expect(await check.examine('if true')).toEqual({ kind: 'refused' });
    expect(await check.examine('ls -la')).toEqual({ kind: 'finished' });
    expect(check.problem).toBe(
      'The shell parser could not be loaded (no such file: main.wasm); lines are taken as they stand.',
    );
  });

  test('plain words never load it', async () => {
    let loads = 0;
    const check = createUnfinishedCheck(async () => {
      loads += 1;
      return () => Promise.resolve();
    });
    await check.examine('git log --oneline');
    expect(loads).toBe(0);
    await check.examine('echo "a"');
    await check.examine('echo "b"');
    expect(loads).toBe(1);
    expect(check.problem).toBeUndefined();
  });
});

test('a text that breaks the parser is refused, and the next one works', async () => {
  expect(await shellCheck.examine('('.repeat(5000))).toEqual({ kind: 'refused' });
  expect(shellCheck.problem).toMatch(/^The shell parser gave up on a text \(.+\)\.$/);
  expect((await shellCheck.examine('if true')).kind).toBe('unfinished');
});

test('a very long text is not parsed', async () => {
  const check = createUnfinishedCheck(() => Promise.reject(new Error('must not be loaded')));
  expect(await check.examine(`echo "${'a'.repeat(300_000)}`)).toEqual({ kind: 'refused' });
  expect(check.problem).toBeUndefined();
});
