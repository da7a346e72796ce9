import { expect, test } from 'vitest';
import { joinLines } from '../../../src/repl/editor/join-lines.ts';
import { shellCheck } from '../../../src/repl/editor/unfinished.ts';

async function joined(script: string): Promise<string[]> {
  return Array.fromAsync(joinLines(script.split('\n')));
}

test.each<[string, string, string[]]>([
  ['single lines', 'cd /tmp\nexport A=1\nfalse\n', ['cd /tmp', 'export A=1', 'false']],
  ['comments and blank lines', '#!/bin/bash\n\n  # a\nls # b\n\t\n', ['ls # b']],
  ['compound commands', 'if a\nthen\n\n  # why\n  b\nfi\nc', ['if a\nthen\n\n  # why\n  b\nfi', 'c']],
  ['nested ones', 'for i in 1\ndo if a; then b\nfi\ndone\nc', ['for i in 1\ndo if a; then b\nfi\ndone', 'c']],
  ['words with a keyword in them', 'if a; then\nfile\nconfig\nfi\nx', ['if a; then\nfile\nconfig\nfi', 'x']],
  ['functions', `f() {\n echo \${a}\n}\nf`, [`f() {\n echo \${a}\n}`, 'f']],
  ['heredocs', 'cat <<E\n\n# a\nif\nE\nls', ['cat <<E\n\n# a\nif\nE', 'ls']],
  ['two heredocs', 'cat <<A <<B\nB\nA\nA\nB\nls', ['cat <<A <<B\nB\nA\nA\nB', 'ls']],
  ['quotes', 'echo "a\n\n# b\n"\nls', ['echo "a\n\n# b\n"', 'ls']],
  ['backslashes', 'echo a \\\n  b \\\n\nls', ['echo a \\\n  b \\\n', 'ls']],
  ['a keyword cut by a backslash', 'if a; th\\\nen b; f\\\ni\nls', ['if a; th\\\nen b; f\\\ni', 'ls']],
  ['pipes and lists', 'a |\nb &&\n\nc\nd', ['a |\nb &&\n\nc', 'd']],
  ['an unfinished rest', 'ls\nif a; then\nb', ['ls', 'if a; then\nb']],
  ['an unfinished quote', 'echo "a\nb', ['echo "a\nb']],
  ['an error: bash has the rest', 'ls\nfi\necho a\n\necho b', ['ls', 'fi\necho a\n\necho b']],
  ['what the parser cannot read', 'a | ((b "$c"\nd) | e)\nls', ['a | ((b "$c"\nd) | e)\nls']],
  ['nothing', '', []],
])('%s', async (_what, script, commands) => {
  expect(await joined(script)).toEqual(commands);
});

test('a command is given as soon as its last line is there', async () => {
  const read: string[] = [];
  function* lines(): Generator<string> {
    for (const line of ['if a', 'then b; fi', 'c']) {
      read.push(line);
      yield line;
    }
  }
  const commands = joinLines(lines());
  expect((await commands.next()).value).toBe('if a\nthen b; fi');
  expect(read).toEqual(['if a', 'then b; fi']);
});

test('lines that cannot finish the command are not parsed', async () => {
  let examined = 0;
  const examine = (text: string) => {
    examined += 1;
    return shellCheck.examine(text);
  };
  const body = Array.from({ length: 5000 }, (_, index) => `line ${index}`);
  const commands = await Array.fromAsync(joinLines(['cat <<EOF', ...body, 'EOF', 'ls'], examine));
  expect(commands).toHaveLength(2);
  expect(examined).toBe(3);
});
