import { expect, test } from 'vitest';
import { outputPieces } from '../../src/cli/output/output-pieces.ts';
import type { Execution } from '../../src/sdk/execution.ts';

test('both streams as text in their order: characters cut between pieces come whole, a mark at the start stays', async () => {
  const execution: Pick<Execution, 'chunks'> = {
    async *chunks() {
      yield { stream: 'stdout', bytes: Buffer.from('\ufeffa\xe4', 'utf8').subarray(0, 5) };
      yield { stream: 'stderr', bytes: Buffer.from('oops') };
      yield { stream: 'stdout', bytes: Buffer.from('ä').subarray(1) };
      yield { stream: 'stderr', bytes: Buffer.from('ö').subarray(0, 1) };
    },
  };
  const pieces = await Array.fromAsync(outputPieces(execution, new AbortController().signal));
  expect(pieces).toEqual([
    { stream: 'stdout', text: '\ufeffa' },
    { stream: 'stderr', text: 'oops' },
    { stream: 'stdout', text: 'ä' },
    { stream: 'stderr', text: '\ufffd' },
  ]);
});
