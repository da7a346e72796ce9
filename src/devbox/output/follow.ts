import { type Spool, SpoolTrimmedError } from '../engine/spool.ts';

/** Most bytes in one piece. Larger ones make events that some clients parse in quadratic time. */
const MAX_PIECE_BYTES = 64 * 1024;

export type Piece =
  | { readonly kind: 'bytes'; readonly offset: number; readonly bytes: Uint8Array }
  /** Nothing came for `quietMs`. */
  | { readonly kind: 'quiet' };

export interface FollowOptions {
  /** The first byte wanted. */
  readonly offset: number;
  readonly signal: AbortSignal;
  /** After how long without output to say so, ms. */
  readonly quietMs: number;
}

/**
 * A stream from `offset` to its end, live, at the pace of its consumer. Where older bytes were trimmed, a piece
 * starts later than the one before ended. Returns early when the signal aborts.
 */
export async function* follow(spool: Spool, options: FollowOptions): AsyncGenerator<Piece, void> {
  const { signal, quietMs } = options;
  let offset = options.offset;
  while (!signal.aborted) {
    offset = Math.max(offset, spool.start);
    const bytes = await readFrom(spool, offset);
    if (bytes.byteLength > 0) {
      const at = offset;
      offset += bytes.byteLength;
      yield { kind: 'bytes', offset: at, bytes };
    } else if (spool.size <= offset) {
      // Asked after the read, in the same turn as the wait begins: no append can slip in between.
      if (spool.ended) return;
      if (!(await changedWithin(spool, signal, quietMs))) yield { kind: 'quiet' };
    }
  }
}

/** Nothing when there is nothing yet, or when the bytes were trimmed during the read: the next look starts later. */
async function readFrom(spool: Spool, offset: number): Promise<Uint8Array> {
  try {
    return await spool.read(offset, MAX_PIECE_BYTES);
  } catch (error) {
    if (error instanceof SpoolTrimmedError) return new Uint8Array();
    throw error;
  }
}

async function changedWithin(spool: Spool, signal: AbortSignal, ms: number): Promise<boolean> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  const timer = setTimeout(abort, ms);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await spool.changed(stop.signal);
    return !stop.signal.aborted;
  } catch (error) {
    if (stop.signal.aborted) return false;
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}
