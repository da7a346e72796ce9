import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Spool } from '../../../src/devbox/engine/spool/spool.ts';
import { follow, type Piece } from '../../../src/devbox/output/follow.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'nsh-follow-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const MIB = 2 ** 20;
const spool = (capBytes?: number) =>
  new Spool({ path: join(dir, 'out'), ...(capBytes === undefined ? {} : { capBytes }) });
const never = new AbortController().signal;
const size = (piece: Piece) => (piece.kind === 'bytes' ? piece.bytes.byteLength : 0);

test('every byte once, in order, live, at its offset', async () => {
  const source = spool();
  source.append(new Uint8Array(100_000).fill(1));
  let next = 10;
  let appended = 0;
  for await (const piece of follow(source, { offset: 10, signal: never })) {
    if (piece.kind !== 'bytes') throw new Error('it was not quiet');
    expect(piece.offset).toBe(next);
    next += piece.bytes.byteLength;
    if (next === source.size && appended++ < 3) source.append(Uint8Array.of(appended, 7));
    else if (next === source.size) source.end();
  }
  expect(next).toBe(100_006);
});

test('ends with its signal while nothing comes', async () => {
  const stop = new AbortController();
  const pieces = follow(spool(), { offset: 0, signal: stop.signal });
  const next = pieces.next();
  stop.abort();
  expect(await next).toEqual({ done: true, value: undefined });
});

test('bytes that were trimmed from under a slow reader are a gap, and so are those asked for too late', async () => {
  const source = spool(2 * MIB);
  source.append(new Uint8Array(MIB));
  const pieces: Piece[] = [];
  for await (const piece of follow(source, { offset: 0, signal: never })) {
    pieces.push(piece.kind === 'bytes' ? { ...piece, bytes: piece.bytes.slice() } : piece);
    if (pieces.length !== 2) continue;
    for (let n = 0; n < 8; n++) source.append(new Uint8Array(MIB));
    source.end();
  }
  // What one read gave comes as two pieces.
  const [first, second, gap, ...rest] = pieces;
  if (first === undefined || second === undefined || gap?.kind !== 'gap') throw new Error('no gap');
  expect(gap.from).toBe(size(first) + size(second));
  expect(gap.to).toBe(source.start);
  expect(gap.to + rest.reduce((sum, piece) => sum + size(piece), 0)).toBe(9 * MIB);
  const late = await follow(source, { offset: 5, signal: never }).next();
  expect(late.value).toEqual({ kind: 'gap', from: 5, to: source.start });
  await source.dispose();
});
