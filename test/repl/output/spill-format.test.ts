import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeSpill, type OutputPiece, SpillEncoder } from '../../../src/repl/output/spill-format.ts';

const SEED = Number(process.env.NSH_SEED ?? 52);

async function decoded(bytes: Uint8Array, chunk: number): Promise<OutputPiece[]> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  }
  const pieces: OutputPiece[] = [];
  for await (const piece of decodeSpill(chunks())) pieces.push(piece);
  return joined(pieces);
}

/** Neighbours of the same stream as one. */
function joined(pieces: readonly OutputPiece[]): OutputPiece[] {
  const all: OutputPiece[] = [];
  for (const { stream, text } of pieces) {
    const last = all.at(-1);
    if (last?.stream === stream) all[all.length - 1] = { stream, text: last.text + text };
    else if (text !== '') all.push({ stream, text });
  }
  return all;
}

const pieces = fc.array(
  fc.record({
    stream: fc.constantFrom('stdout' as const, 'stderr' as const),
    text: fc.string({ unit: fc.constantFrom('a', 'o', 'e', '0', '\0', '\n', 'ä', '😀', '\x1b[31m') }),
  }),
);

test('both streams come back in their order, however the file is read', async () => {
  await fc.assert(
    fc.asyncProperty(pieces, fc.integer({ min: 1, max: 7 }), async (written, chunk) => {
      const encoder = new SpillEncoder();
      const bytes = Buffer.from(written.map((piece) => encoder.encode(piece)).join(''));
      expect(await decoded(bytes, chunk)).toEqual(joined(written));
    }),
    { seed: SEED, numRuns: 300 },
  );
});

test('a file that is cut anywhere gives what stands before the cut', async () => {
  const encoder = new SpillEncoder();
  const written = [
    { stream: 'stdout', text: 'ä\0b' },
    { stream: 'stderr', text: 'err' },
  ] as const;
  const bytes = Buffer.from(written.map((piece) => encoder.encode(piece)).join(''));
  for (let cut = 0; cut <= bytes.length; cut++) {
    const [first, second] = await decoded(bytes.subarray(0, cut), 3);
    expect('ä\0b'.startsWith(first?.text ?? '')).toBe(true);
    expect('err'.startsWith(second?.text ?? '')).toBe(true);
  }
});

test('output without stderr is kept as it came', () => {
  expect(new SpillEncoder().encode({ stream: 'stdout', text: 'as\x1b[31m it\r\n' })).toBe(
    'as\x1b[31m it\r\n',
  );
});
