import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SpillDirectory } from '../../../src/repl/output/spill-directory.ts';
import { KeptBlocks } from '../../../src/repl/runtime/blocks/kept-block.ts';
import { searchBlocks } from '../../../src/repl/runtime/blocks/search-blocks.ts';
import { SUCCEEDED } from './succeeded.ts';

async function grep(pattern: string, outputs: readonly string[], late?: string): Promise<string[]> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'nsh-search-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const kept = new KeptBlocks(new SpillDirectory({ dir, onProblem: () => undefined }));
  for (const [index, output] of outputs.entries()) {
    const number = index + 1;
    const head = { number, name: `#${number}`, command: 'command', elsewhere: false };
    kept.open(head).write('stdout', output);
    kept.ended(index + 1, SUCCEEDED);
  }
  if (late !== undefined) kept.late(1)?.write('stderr', late);
  const blocks = outputs.flatMap((_, index) => {
    const block = kept.get(index + 1);
    return block === undefined ? [] : { name: `#${index + 1}`, block, execution: undefined, explain: String };
  });
  const { signal } = new AbortController();
  const found = await searchBlocks({ pattern, flags: 'i', blocks, columns: 40, colour: false, signal });
  return [...found.lines, ...found.told];
}

test('lines are found as they stood on the screen, with their numbers, also those of jobs', async () => {
  const outputs = ['one\n10%\rTwo \x1b[31mred\x1b[0m\n', 'three two'];
  expect(await grep('two', outputs, 'late two\n')).toEqual([
    '#1:2: Two red',
    '#1:3: late two',
    '#2:1: three two',
    '3 lines in 2 of 2 commands',
  ]);
  expect(await grep('^one$|ree', outputs)).toHaveLength(3);
});

test('of very many the newest are shown, and all counted', async () => {
  const lines = Array.from({ length: 100_000 }, (_, index) => `line ${index}\n`).join('');
  const found = await grep('line \\d', [lines]);
  expect(found).toHaveLength(201);
  expect(found.slice(-2)).toEqual([
    '#1:100000: line 99999',
    'the newest 200 of 100000 lines in 1 of 1 command',
  ]);
});

test('a pattern that backtracks without end stops, and what was found before is shown', async () => {
  const found = await grep('^(b|a|aa)+$', ['b\n', `${'a'.repeat(200)}!\n`, 'b\n']);
  expect(found).toEqual([
    '#1:1: b',
    expect.stringContaining('takes too long on a line of #2'),
    '1 line in 1 of 3 commands',
  ]);
});
