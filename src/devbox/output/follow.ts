import { SpoolTrimmedError } from '../engine/spool/spool.ts';
import { BufferPool } from './buffer-pool.ts';

/** Most bytes in one piece. Larger ones make events that some clients parse in quadratic time. */
const MAX_PIECE_BYTES = 64 * 1024;
/** Read at once: a reader that lags reads from disk, where each read costs some 30 µs beside its bytes. */
const MAX_READ_BYTES = 2 * MAX_PIECE_BYTES;

/** Shared by all followers: one that waits holds none. */
const buffers = new BufferPool(MAX_READ_BYTES);

/** A stream of output that can be followed: a spool, or what is read like one. */
export interface OutputSource {
  /** Bytes ever appended. */
  readonly size: number;
  /** The first byte still held. */
  readonly start: number;
  readonly ended: boolean;
  /** Copies bytes from `offset`. @returns how many @throws SpoolTrimmedError when `offset` is before `start` */
  readInto(target: Uint8Array, offset: number): Promise<number>;
  /** The next append, or the end. @throws the signal's reason when it is aborted */
  changed(signal: AbortSignal): Promise<void>;
  /** Resolves when the bytes before `end` are on disk, or cannot be. */
  flush(end: number): Promise<void>;
}

export type Piece =
  /** The bytes are others as soon as the next piece is asked for. */
  | { readonly kind: 'bytes'; readonly offset: number; readonly bytes: Uint8Array }
  /** The bytes from `from` up to `to` are no longer held. */
  | { readonly kind: 'gap'; readonly from: number; readonly to: number };

export interface FollowOptions {
  /** The first byte wanted. */
  readonly offset: number;
  readonly signal: AbortSignal;
}

/**
 * A stream from `offset` to its end, live, at the pace of its consumer. Returns early when the signal aborts.
 * Waiting costs no timer.
 */
export async function* follow(source: OutputSource, options: FollowOptions): AsyncGenerator<Piece, void> {
  const { signal } = options;
  let offset = options.offset;
  while (!signal.aborted) {
    if (offset < source.start) {
      const to = source.start;
      yield { kind: 'gap', from: offset, to };
      offset = to;
      continue;
    }
    const next = yield* read(source, offset);
    if (next === offset && source.size <= offset) {
      // Asked after the read, in the same turn as the wait begins: no append can slip in between.
      if (source.ended) return;
      await changed(source, signal);
    }
    offset = next;
  }
}

/** What there is now. @returns the offset behind it */
async function* read(source: OutputSource, offset: number): AsyncGenerator<Piece, number> {
  const buffer = buffers.take();
  try {
    const length = await readInto(buffer, source, offset);
    // A reader never has a byte that dies with the server: its offset is good for the next one.
    await source.flush(offset + length);
    for (let done = 0; done < length; done += MAX_PIECE_BYTES) {
      const bytes = buffer.subarray(done, Math.min(length, done + MAX_PIECE_BYTES));
      yield { kind: 'bytes', offset: offset + done, bytes };
    }
    return offset + length;
  } finally {
    buffers.give(buffer);
  }
}

/** Nothing when there is nothing yet, or when the bytes were trimmed during the read: the next look finds the gap. */
export async function readInto(target: Uint8Array, source: OutputSource, offset: number): Promise<number> {
  try {
    return await source.readInto(target, offset);
  } catch (error) {
    if (error instanceof SpoolTrimmedError) return 0;
    throw error;
  }
}

async function changed(source: OutputSource, signal: AbortSignal): Promise<void> {
  try {
    await source.changed(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
