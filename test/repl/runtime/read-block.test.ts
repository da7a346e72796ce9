import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SpillDirectory } from '../../../src/repl/output/spill-directory.ts';
import type { OutputPiece } from '../../../src/repl/output/spill-format.ts';
import { KeptBlocks } from '../../../src/repl/runtime/blocks/kept-block.ts';
import { type BlockSources, readBlock } from '../../../src/repl/runtime/blocks/read-block.ts';
import { plainOutput, renderBlock } from '../../../src/repl/runtime/blocks/render-block.ts';
import type { ExecutionPort } from '../../../src/repl/runtime/shell-port.ts';
import type { ExitReport } from '../../../src/repl/state/exit-report.ts';
import { SUCCEEDED } from './succeeded.ts';

/** What a devbox has of the command: how it stands, and its output; an error instead when it is gone. */
interface OnDevbox {
  readonly state?: 'running' | 'completed';
  readonly outputs: readonly OutputPiece[] | Error;
}

async function openBlock(maxBytesEach: number, output: string, report: ExitReport | undefined) {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'nsh-read-block-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const blocks = new KeptBlocks(new SpillDirectory({ dir, maxBytesEach, onProblem: () => undefined }));
  const kept = blocks.open({ number: 7, name: '#7', command: 'make', elsewhere: false });
  kept.write('stdout', output);
  await kept.spill.close();
  if (report !== undefined) blocks.ended(7, report);
  const read = async (there: OnDevbox) => {
    const execution = {
      state: async () => {
        if (there.outputs instanceof Error) throw there.outputs;
        return there.state ?? 'completed';
      },
      async *outputs() {
        if (there.outputs instanceof Error) throw there.outputs;
        yield* there.outputs;
      },
    } as unknown as ExecutionPort;
    const block = blocks.get(7);
    if (block === undefined) throw new Error('not kept');
    const explain = (error: unknown) => (error as Error).message;
    const sources: BlockSources = { name: '#7', block, execution, explain };
    let text = '';
    for await (const piece of renderBlock(sources, false, new AbortController().signal)) text += piece;
    return text;
  };
  return { read, blocks, file: kept.spill.path };
}

const WHOLE = [
  { stream: 'stdout', text: 'from the ' },
  { stream: 'stderr', text: 'err\n' },
  { stream: 'stdout', text: 'devbox\n' },
] as const;
const GONE = new Error('no such execution');

test('the own copy is enough when it is whole', async () => {
  const { read } = await openBlock(100, 'own copy\x1b]52;c;aGk=\x07\n', SUCCEEDED);
  expect(await read({ outputs: GONE })).toBe('#7 make\nown copy\n✓ 0.3s\n');
});

test('a copy that was cut, and one that made room, come from the devbox', async () => {
  const { read, file } = await openBlock(10, 'more than ten bytes\n', SUCCEEDED);
  const expected = '#7 make\n! err\nfrom the devbox\n✓ 0.3s\n';
  expect(await read({ outputs: WHOLE })).toBe(expected);
  await rm(file);
  expect(await read({ outputs: WHOLE })).toBe(expected);
});

test('so does output that was skipped', async () => {
  const { read } = await openBlock(100, 'begun\n', { ...SUCCEEDED, skipped: true });
  expect(await read({ outputs: WHOLE })).toContain('from the devbox\n');
  expect(await read({ outputs: GONE })).toContain(
    'begun\n… the output that was skipped is not on the devbox: no such execution\n',
  );
});

test('what exists no more is told with its size', async () => {
  const { read, file } = await openBlock(10, 'more than ten bytes\n', SUCCEEDED);
  expect(await read({ outputs: GONE })).toBe(
    '#7 make\nmore than ⏎\n… 10 bytes of its output exist no more here, nor on the devbox: no such execution\n✓ 0.3s\n',
  );
  await rm(file);
  expect(await read({ outputs: GONE })).toBe(
    '#7 make\n… 20 bytes of its output exist no more here, nor on the devbox: no such execution\n✓ 0.3s\n',
  );
});

test('of a command that runs it is the output so far', async () => {
  const { read } = await openBlock(100, 'begun\n', undefined);
  expect(await read({ state: 'running', outputs: WHOLE })).toBe(
    '#7 make\nbegun\n… #7 still runs, this is its output so far.\n',
  );
  const cut = await openBlock(3, 'begun\n', undefined);
  expect(await cut.read({ state: 'running', outputs: WHOLE })).toContain('3 bytes more are on the devbox');
});

test('as plain text a long line stays one line, and has no mark at its end', async () => {
  const line = `${'x'.repeat(70_000)}\x1b[31m red`;
  const { blocks } = await openBlock(1_000_000, line, SUCCEEDED);
  const block = blocks.get(7);
  if (block === undefined) throw new Error('not kept');
  const pieces = readBlock(
    { name: '#7', block, execution: undefined, explain: String },
    new AbortController().signal,
  );
  let text = '';
  for await (const piece of plainOutput(pieces, () => undefined)) text += piece;
  expect(text).toBe(`${'x'.repeat(70_000)} red\n`);
});

test('late output of its jobs stands behind its end, marked', async () => {
  const { read, blocks } = await openBlock(100, 'out\n', SUCCEEDED);
  for (const text of ['one\n', 'two']) {
    blocks.late(7)?.write('stderr', text);
    await blocks.late(7)?.spill.close();
  }
  expect(await read({ outputs: GONE })).toBe('#7 make\nout\n✓ 0.3s\n#7 ⤷ one\n#7 ⤷ two⏎\n');
});
