import { expect, test } from 'vitest';
import { commandWords } from '../../../../src/repl/editor/completion/command-words.ts';
import { compspecPlaces } from '../../../../src/repl/editor/completion/compspec-place.ts';
import { wordAtCursor } from '../../../../src/repl/editor/completion/word-at-cursor.ts';

// As bash 5.2 told a completion function in an interactive shell: the words, and what it is to complete.
test.each([
  ['foo --bar=', ['foo', '--bar', '='], ''],
  ['foo --bar=x', ['foo', '--bar', '=', 'x'], 'x'],
  ['foo a:b', ['foo', 'a', ':', 'b'], 'b'],
  ['foo a::', ['foo', 'a', '::'], ''],
  ['foo "x y', ['foo', '"x y'], 'x y'],
  ["foo 'x", ['foo', "'x"], 'x'],
  ['foo my\\ f', ['foo', 'my\\ f'], 'my\\ f'],
  ['foo >o b', ['foo', '>', 'o', 'b'], 'b'],
  ['foo a ', ['foo', 'a', ''], ''],
  ['foo $(ls x) b', ['foo', '$(ls x)', 'b'], 'b'],
  ['foo @x', ['foo', '@', 'x'], 'x'],
  ['foo a,b', ['foo', 'a,b'], 'a,b'],
  ['foo "a=b', ['foo', '"a=b'], 'a=b'],
  ['foo a="b', ['foo', 'a', '=', '"b'], 'b'],
  ['foo = ', ['foo', '=', ''], ''],
  ['foo my\\ ', ['foo', 'my\\ '], 'my\\ '],
  ['foo "it\'s" x', ['foo', '"it\'s"', 'x'], 'x'],
  ['foo $(echo ")" b) c', ['foo', '$(echo ")" b)', 'c'], 'c'],
])('%s', (text, words, current) => {
  expect(commandWords(text)).toMatchObject({ words, current });
  expect(text.slice(commandWords(text)?.from)).toBe(current);
});

test('a quote within the last word: nobody is asked', () => {
  expect(commandWords('foo x"y')).toBeUndefined();
  expect(commandWords('foo "x"\'y')).toBeUndefined();
});

/** The line that is asked about. */
const asked = (text: string) => {
  const word = wordAtCursor(text, text.length);
  return word && compspecPlaces(text, text.length, word)?.query.line;
};

test.each([
  ['git che', 'git che'],
  ['make && git che', 'git che'],
  ['ls | X=1 sudo git che', 'git che'],
  ['env X=1 git che', 'git che'],
  ['echo "$(git che', 'git che'],
  ['echo "$(ls)" x', 'echo "$(ls)" x'],
  ['sudo -u me git che', 'sudo -u me git che'],
  ['sudo -', 'sudo -'],
  ['if git che', 'git che'],
  ['git che\ngit sta', 'git sta'],
  ['2>&1 git --x=', 'git --x='],
])('whose argument is completed: %s', (text, line) => {
  expect(asked(text)).toBe(line);
});

test.each(['gi', 'sudo gi', 'X=1', 'git >fi', 'list=(a fi', 'cat $HOME/fi', '$EDITOR fi', 'echo $HO'])(
  'no argument of a command: %s',
  (text) => {
    expect(asked(text)).toBeUndefined();
  },
);

test('words that are nested deeper than a stack is high are cut as any', () => {
  const nested = `${'"$('.repeat(20_000)}${')"'.repeat(20_000)}`;
  expect(commandWords(`git ${nested} che`)?.words).toEqual(['git', nested, 'che']);
});
