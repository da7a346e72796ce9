// biome-ignore-all lint/suspicious/noTemplateCurlyInString: bash's
import { expect, test } from 'vitest';
import { wordAtCursor } from '../../../../src/repl/editor/completion/word-at-cursor.ts';

/** kind, what is replaced, in which quotes, what was typed of the name, what stands before it. */
function read(text: string) {
  const word = wordAtCursor(text, text.length);
  if (word === undefined) return undefined;
  const directory = word.directory
    .map((part) =>
      part.type === 'variable' ? `<${part.name}>` : part.type === 'unknown' ? '<?>' : part.text,
    )
    .join('');
  return [word.kind, text.slice(word.from), word.mode, directory, word.base].join('|');
}

test.each([
  ['', 'command||bare||'],
  ['gi', 'command|gi|bare||gi'],
  ['git ', 'argument||bare||'],
  ['cat fi', 'argument|fi|bare||fi'],
  ['cat a b/c/fi', 'argument|fi|bare|b/c/|fi'],
  ['./scr', 'command|scr|bare|./|scr'],
  ['cat my\\ fi', 'argument|my\\ fi|bare||my fi'],
  ['cat my\\', 'argument|my\\|bare||my'],
  ['cat "my fi', 'argument|my fi|double||my fi'],
  ["cat 'my fi", 'argument|my fi|single||my fi'],
  ['cat "my dir/fi', 'argument|fi|double|my dir/|fi'],
  ['cat "my dir"/fi', 'argument|fi|bare|my dir/|fi'],
  ['cat my" fi', 'argument|my" fi|bare||my fi'],
  ["cat 'it'\\''s", "argument|it'\\''s|single||it's"],
  ['cat "a\\"b\\c', 'argument|a\\"b\\c|double||a"b\\c'],
  ['echo $HO', 'variable|HO|bare||HO'],
  ['echo "$', 'variable||double||'],
  ["echo '$HO", 'argument|$HO|single||$HO'],
  ['echo ${HO', 'variable|HO|bare||HO'],
  ['cd $HOME/do', 'argument|do|bare|<HOME>/|do'],
  ['cd "${HOME}/my do', 'argument|my do|double|<HOME>/|my do'],
  ['cd ~/do', 'argument|do|bare|~/|do'],
  ['cd ~us', 'user|us|bare||us'],
  ['cd "~/do', 'argument|do|double|~/|do'],
  ['cd a~/do', 'argument|do|bare|a~/|do'],
  ['a; gi', 'command|gi|bare||gi'],
  ['a && sudo gi', 'command|gi|bare||gi'],
  ['if tr', 'command|tr|bare||tr'],
  ['FOO=bar gi', 'command|gi|bare||gi'],
  ['FOO=~/do', 'argument|do|bare|~/|do'],
  ['PATH=$PATH:/usr/lo', 'argument|lo|bare|/usr/|lo'],
  ['make --dir=sr', 'argument|sr|bare||sr'],
  ['a > fi', 'argument|fi|bare||fi'],
  ['>fi', 'argument|fi|bare||fi'],
  ['> file gi', 'command|gi|bare||gi'],
  ['a 2>&1 fi', 'argument|fi|bare||fi'],
  ['a &>fi', 'argument|fi|bare||fi'],
  ['a & gi', 'command|gi|bare||gi'],
  ['echo $(ca', 'command|ca|bare||ca'],
  ['echo "$(cat "my fi', 'argument|my fi|double||my fi'],
  ['echo `ca', 'command|ca|bare||ca'],
  ['echo $(ls) fi', 'argument|fi|bare||fi'],
  ['diff <(ca', 'command|ca|bare||ca'],
  ['(cd x; ls sr', 'argument|sr|bare||sr'],
  ['list=(a fi', 'argument|fi|bare||fi'],
  ["a # it's\ngi", 'command|gi|bare||gi'],
  ['echo 日本/語', 'argument|語|bare|日本/|語'],
])('%s', (text, expected) => {
  expect(read(text)).toBe(expected);
});

test.each(['a # com', "echo $'a", 'cat $(pwd)/fi', 'cat *.t', 'cat a$b-c', 'echo ${HOME%'])(
  'nothing is completed in %s',
  (text) => {
    expect(read(text)).toBeUndefined();
  },
);

test('only what stands before the cursor is read', () => {
  expect(wordAtCursor('cat fi"le', 6)).toMatchObject({ base: 'fi', from: 4 });
});
