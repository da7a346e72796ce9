import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createPump } from '../../../src/repl/output/pump.ts';
import { createBlocks } from '../../../src/repl/runtime/blocks/blocks.ts';
import { SUCCEEDED } from './succeeded.ts';

function open() {
  const spillDir = mkdtempSync(path.join(os.tmpdir(), 'nsh-blocks-'));
  onTestFinished(() => rmSync(spillDir, { recursive: true, force: true }));
  let screen = '';
  const pump = createPump({
    write(text) {
      screen += text;
    },
  });
  const problems: string[] = [];
  const blocks = createBlocks({
    pump,
    spillDir,
    colour: false,
    marks: () => false,
    onPartial: () => undefined,
    onProblem: (message) => problems.push(message),
  });
  return { blocks, problems, shown: () => pump.idle().then(() => screen) };
}

test('a block is its header, its lines with stderr told apart, and its end', async () => {
  const { blocks, shown, problems } = open();
  blocks.open({ number: 9, name: '#4', command: 'make\nmake test', elsewhere: false });
  await blocks.write(9, 'stdout', 'out\n');
  await blocks.write(9, 'stderr', 'err\n');
  blocks.close(9, SUCCEEDED);
  expect(await shown()).toBe('#4 make\n · make test\nout\n! err\n✓ 0.3s\n');
  await blocks.end();
  expect(problems).toEqual([]);
});

test("another session's command says so", async () => {
  const { blocks, shown } = open();
  blocks.open({ number: 1, name: '#1', command: 'make', elsewhere: true });
  expect(await shown()).toBe('#1 make  (another session)\n');
  await blocks.end();
});

test.each(['abandon', 'end'] as const)(
  'a late last line without a line break is shown at the %s',
  async (ending) => {
    const { blocks, shown } = open();
    blocks.open({ number: 9, name: '#2', command: 'make &', elsewhere: false });
    blocks.close(9, SUCCEEDED);
    await blocks.late(9, 'stdout', 'whole\nhalf');
    expect(await shown()).toMatch(/✓ 0.3s\n#2 ⤷ whole\n$/);
    await blocks[ending]();
    expect(await shown()).toMatch(/\n#2 ⤷ whole\n#2 ⤷ half⏎\n$/);
  },
);
