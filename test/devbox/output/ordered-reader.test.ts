import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameDecoder } from '../../../src/api/extension/ordered-output.ts';
import { Changes } from '../../../src/devbox/engine/spool/changes.ts';
import { SpoolTrimmedError } from '../../../src/devbox/engine/spool/spool.ts';
import { OrderedReader, type OrderedSource } from '../../../src/devbox/output/ordered-reader.ts';
import { OutputOrder } from '../../../src/devbox/output/output-order.ts';
import { SEED } from '../../helpers/seeded-bytes.ts';

type Stream = 'stdout' | 'stderr';

/** One byte of a stream, or a gap of it. */
type Seen = readonly [Stream, number] | readonly [Stream, 'gap', number, number];

/** Both streams in memory: each byte has its place among all that were written, modulo 256. */
class Memory implements OrderedSource {
  readonly order = new OutputOrder();
  readonly written: (readonly [Stream, number])[] = [];
  readonly stdout = new Held();
  readonly stderr = new Held();
  readonly #changes = new Changes();

  append(stream: Stream, length: number): void {
    this.order.grows(stream, { stdout: this.stdout.size, stderr: this.stderr.size });
    for (let index = 0; index < length; index++) {
      const byte = this.written.length % 256;
      this.written.push([stream, byte]);
      this[stream].bytes.push(byte);
    }
    this.#changes.tell();
  }

  changed(signal: AbortSignal): Promise<void> {
    return this.#changes.next(signal);
  }
}

class Held {
  readonly bytes: number[] = [];
  start = 0;
  ended = false;

  get size(): number {
    return this.bytes.length;
  }
  async readInto(target: Uint8Array, offset: number): Promise<number> {
    if (offset < this.start) throw new SpoolTrimmedError(offset, this.start);
    const part = this.bytes.slice(offset, offset + target.length);
    target.set(part);
    return part.length;
  }
  changed = () => Promise.reject(new Error('nobody asks one stream'));
  flush = async () => {};
}

/** Takes the frames apart, fed in pieces of that many bytes. */
class Screen {
  readonly seen: Seen[] = [];
  readonly #frames = new FrameDecoder();

  show(bytes: Uint8Array, cut: number): void {
    for (let at = 0; at < bytes.length; at += cut) {
      for (const frame of this.#frames.feed(bytes.slice(at, at + cut))) {
        if ('bytes' in frame) for (const byte of frame.bytes) this.seen.push([frame.stream, byte]);
        else this.seen.push([frame.stream, 'gap', frame.from, frame.to]);
      }
    }
  }
}

async function readAll(reader: OrderedReader, screen: Screen, cut: number, room = 5_000): Promise<void> {
  const buffer = Buffer.alloc(room);
  while (reader.hasMore) screen.show(buffer.subarray(0, await reader.read(buffer)), cut);
}

const stream = fc.constantFrom<Stream>('stdout', 'stderr');
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ stream, length: fc.integer({ min: 1, max: 900 }) }) },
  { weight: 1, arbitrary: fc.constant('read' as const) },
);

describe('both streams as frames', () => {
  it('come in the order in which they grew, whenever and from wherever they are read, cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 1, max: 600 }),
        fc.nat(),
        async (steps, cut, place) => {
          const source = new Memory();
          const live = new Screen();
          const reader = new OrderedReader(source, { stdout: 0, stderr: 0 });
          for (const one of steps) {
            if (one === 'read') await readAll(reader, live, cut);
            else source.append(one.stream, one.length);
          }
          await readAll(reader, live, cut);
          expect(live.seen).toEqual(source.written);
          source.stdout.ended = true;
          expect(reader.isAtEnd).toBe(false);
          source.stderr.ended = true;
          expect(reader.isAtEnd).toBe(true);

          // One who had some of it already.
          const from = place % (source.written.length + 1);
          const count = (name: Stream) =>
            source.written.slice(0, from).filter(([one]) => one === name).length;
          const offsets = { stdout: count('stdout'), stderr: count('stderr') };
          const late = new Screen();
          await readAll(new OrderedReader(source, offsets), late, cut);
          expect(late.seen).toEqual(source.written.slice(from));
        },
      ),
      { seed: SEED, numRuns: 100 },
    );
  });

  it('are each whole and in order where streams change more often than is remembered', async () => {
    const source = new Memory();
    for (let index = 0; index < 40_000; index++) source.append(index % 2 === 0 ? 'stdout' : 'stderr', 1);
    expect(source.order.bytes).toBeLessThan(200_000);
    const screen = new Screen();
    await readAll(new OrderedReader(source, { stdout: 0, stderr: 0 }), screen, 5_000);
    for (const name of ['stdout', 'stderr'] as const) {
      const own = ([one]: readonly [Stream, ...unknown[]]) => one === name;
      expect(screen.seen.filter(own)).toEqual(source.written.filter(own));
    }
    // The newest are remembered best.
    expect(screen.seen.slice(-3_000)).toEqual(source.written.slice(-3_000));
  });

  it('tell of what is no longer held in its place, and go on', async () => {
    const source = new Memory();
    source.append('stdout', 10);
    source.append('stderr', 2);
    source.append('stdout', 10);
    source.stdout.start = 12;
    const screen = new Screen();
    await readAll(new OrderedReader(source, { stdout: 0, stderr: 0 }), screen, 7);
    expect(screen.seen).toEqual([
      ['stdout', 'gap', 0, 12],
      ...source.written.slice(10, 12),
      ...source.written.slice(14),
    ]);
  });
});

it('frames of a type that is not known are passed over', () => {
  const frames = new FrameDecoder();
  const bytes = [9, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3, 1, 0, 0, 0, 0, 0, 0, 2, 65, 66];
  expect([...frames.feed(Uint8Array.from(bytes))]).toEqual([
    { stream: 'stdout', bytes: Uint8Array.of(65, 66) },
  ]);
});
