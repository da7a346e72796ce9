import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Spool } from '../../../src/devbox/engine/spool.ts';
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
  for await (const piece of follow(source, { offset: 10, signal: never, quietMs: 60_000 })) {
    if (piece.kind !== 'bytes') throw new Error('it was not quiet');
    expect(piece.offset).toBe(next);
    next += piece.bytes.byteLength;
    if (next === source.size && appended++ < 3) source.append(Uint8Array.of(appended, 7));
    else if (next === source.size) source.end();
  }
  expect(next).toBe(100_006);
});

test('says when nothing came for a while, and ends with its signal', async () => {
  const stop = new AbortController();
  const kinds: string[] = [];
  for await (const piece of follow(spool(), { offset: 0, signal: stop.signal, quietMs: 5 })) {
    kinds.push(piece.kind);
    if (kinds.length === 3) stop.abort();
  }
  expect(kinds).toEqual(['quiet', 'quiet', 'quiet']);
});

test('bytes that were trimmed from under a slow reader are a gap between two pieces', async () => {
  const source = spool(2 * MIB);
  source.append(new Uint8Array(MIB));
  const pieces: Piece[] = [];
  for await (const piece of follow(source, { offset: 0, signal: never, quietMs: 60_000 })) {
    pieces.push(piece);
    if (pieces.length > 1) continue;
    for (let n = 0; n < 8; n++) source.append(new Uint8Array(MIB));
    source.end();
  }
  const [first, second] = pieces;
  if (first?.kind !== 'bytes' || second?.kind !== 'bytes') throw new Error('two pieces were expected');
  expect(second.offset).toBeGreaterThan(first.offset + size(first));
  expect(second.offset + pieces.slice(1).reduce((sum, piece) => sum + size(piece), 0)).toBe(9 * MIB);
  await source.dispose();
});
