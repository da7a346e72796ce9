import { SpoolTrimmedError } from '../engine/spool.ts';

/** Most bytes in one piece. Larger ones make events that some clients parse in quadratic time. */
const MAX_PIECE_BYTES = 64 * 1024;

/** A stream of output that can be followed: a spool, or what is read like one. */
export interface OutputSource {
  /** Bytes ever appended. */
  readonly size: number;
  /** The first byte still held. */
  readonly start: number;
  readonly ended: boolean;
  /** @throws SpoolTrimmedError when `offset` is before `start` */
  read(offset: number, maxBytes: number): Promise<Uint8Array>;
  /** The next append, or the end. @throws the signal's reason when it is aborted */
  changed(signal: AbortSignal): Promise<void>;
  /** Resolves when what came so far is on disk, or cannot be. */
  flush(): Promise<void>;
}

export type Piece =
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
    const bytes = await readFrom(source, offset);
    if (bytes.byteLength > 0) {
      // A reader never has a byte that dies with the server: its offset is good for the next one.
      await source.flush();
      const at = offset;
      offset += bytes.byteLength;
      yield { kind: 'bytes', offset: at, bytes };
    } else if (source.size <= offset) {
      // Asked after the read, in the same turn as the wait begins: no append can slip in between.
      if (source.ended) return;
      await changed(source, signal);
    }
  }
}

/** Nothing when there is nothing yet, or when the bytes were trimmed during the read: the next look finds the gap. */
async function readFrom(source: OutputSource, offset: number): Promise<Uint8Array> {
  try {
    return await source.read(offset, MAX_PIECE_BYTES);
  } catch (error) {
    if (error instanceof SpoolTrimmedError) return new Uint8Array();
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
