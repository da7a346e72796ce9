import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { sgrColour } from '../../src/repl/output/palette.ts';
import { parseCast, replay } from '../helpers/asciicast.ts';
import { nshHome } from '../helpers/nsh.ts';

test('a cast is made without a terminal; what is wrong is said before anything is started', async () => {
  await using nsh = await nshHome();
  const file = (name: string) => path.join(nsh.home, name);
  const heredoc = ['cat <<E', '# kept', '', 'E'];
  const script = [
    ...heredoc,
    'cd /usr',
    '#type ec',
    '#key backspace c',
    'ho "$PWD $TERM" 🙂',
    ':set keys vi',
    'false',
  ];
  await writeFile(file('script'), script.join('\n'));
  await writeFile(file('wrong'), 'echo\n#pauze 2s\n');
  const headless = ['--size', '40x12', '--fast', '--record'];
  const refused = async (args: string[], status: number, text: string) =>
    expect(await nsh.run(['play', ...args])).toMatchObject({
      status,
      stdout: '',
      stderr: expect.stringContaining(text),
    });
  await Promise.all([
    refused(['script'], 64, '`nsh play` needs a terminal'),
    refused(['script', '--size', '40x12'], 64, '`--size` is for `--record FILE`'),
    refused(['nope', ...headless, 'x.cast'], 66, 'the script "nope" cannot be read: ENOENT'),
    refused(['wrong', ...headless, 'x.cast'], 65, 'wrong, line 2 has `#pauze`'),
  ]);
  expect(await nsh.run(['play', 'script', ...headless, 'one.cast'])).toMatchObject({
    status: 0,
    stdout: '',
    stderr: 'nsh: recorded into ~/one.cast\n',
  });
  const cast = parseCast(await readFile(file('one.cast'), 'utf8'));
  expect(cast).toMatchObject({ columns: 40, rows: 12, header: { term: { type: 'xterm-256color' } } });
  const { history } = await replay(cast);
  expect(history).toMatch(/#1 cat <<E\n · # kept\n · \n · E\n# kept\n\n✓ /);
  expect(history).toMatch(/\n#3 echo "\$PWD \$TERM" 🙂\n\/usr dumb 🙂\n✓ /);
  expect(history).toMatch(/\n#4 false\n✗ exit 1 · \S+\n❯\s*\ndemo · local · \/usr · connected$/);
  expect(cast.events.some(({ data }) => data.includes(`\x1b[${sgrColour('failure')}m`))).toBe(true);
  await refused(['script', ...headless, 'one.cast'], 65, 'one.cast is there already');
  // Neither shells nor settings are left.
  expect((await nsh.run(['ls', '--json'])).stdout).toBe('[]\n');
});
