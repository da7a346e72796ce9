import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { SpillDirectory } from '../../../src/repl/output/spill-directory.ts';
import { KeptBlocks } from '../../../src/repl/runtime/blocks/kept-block.ts';
import { MOST_ENDED } from '../../../src/repl/state/queue/ended.ts';

test('of a long session the blocks are kept that can be asked for, and the one that runs', () => {
  // No file is made before there is output.
  const kept = new KeptBlocks(new SpillDirectory({ dir: tmpdir(), onProblem: () => {} }));
  const most = MOST_ENDED + 1;
  for (let number = 1; number <= most + 2; number++)
    kept.open({ number, name: `#${number}`, command: 'true', elsewhere: false });
  expect([2, 3, most + 2].map((number) => kept.get(number)?.name)).toEqual([undefined, '#3', `#${most + 2}`]);
});
