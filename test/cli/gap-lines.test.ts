import { expect, it } from 'vitest';
import { gapLines, gapsInCallbacks } from '../../src/cli/output/gap-lines.ts';
import type { OutputGap, OutputGapCallback } from '../../src/sdk/output/output-gap.ts';

const gap: OutputGap = { stream: 'stdout', bytes: 1234, from: 5, to: 1239 };
const LINE =
  '[nsh: 1,234 bytes of stdout are missing after byte 5: the server holds only the newest part of a long output.]\n';

it('puts a line where output is missing, on a line of its own', async () => {
  async function* output(onGap: OutputGapCallback) {
    yield 'one\ntw';
    await onGap(gap);
    yield 'o\n';
    await onGap(gap);
  }
  const text = await Array.fromAsync(gapLines(output));
  expect(text.join('')).toBe(`one\ntw\n${LINE}o\n${LINE}`);
});

it('puts it into what callbacks get', async () => {
  const chunks: string[] = [];
  const { stdout, onGap } = gapsInCallbacks({ stdout: (chunk) => void chunks.push(chunk) });
  await onGap(gap);
  await stdout?.('abc');
  await onGap(gap);
  expect(chunks).toEqual([LINE, 'abc', `\n${LINE}`]);
});
