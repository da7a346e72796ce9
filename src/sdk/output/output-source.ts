import type { OutputStreamName } from '../../api/execution.ts';
import type { Completion } from '../completion.ts';
import type { Failure } from '../http/failure.ts';
import type { ByteRange } from './chunk-cursor.ts';

/** One stream of one execution. */
export interface OutputTarget {
  readonly devboxId: string;
  readonly executionId: string;
  readonly stream: OutputStreamName;
  readonly completion: Completion;
  /** What background jobs wrote after the command's end, not what the command wrote. */
  readonly late?: boolean;
}

/** Output as it came from the wire: bytes from the raw route, text from server-sent events; or what is missing. */
export type OutputPiece = Uint8Array | string | ByteRange;

/** Output of one of the two streams. */
export interface StreamPiece {
  readonly stream: OutputStreamName;
  readonly piece: OutputPiece;
}

export function isGap(piece: OutputPiece): piece is ByteRange {
  return typeof piece === 'object' && 'from' in piece && 'to' in piece;
}

/** How far a stream was handed out. Moved before each piece is. */
export interface Position {
  /** The first byte not handed out yet. */
  next: number;
  /** The end of the text so far; of raw bytes nothing is kept. */
  tail: string;
}

export type Positions = Readonly<Record<OutputStreamName, Position>>;

export function streamStart(): Position {
  return { next: 0, tail: '' };
}

/** How a connection ended. */
export type Ending =
  /** Cleanly; of raw bytes that is the end of the stream, if nobody between cut it. */
  | 'closed'
  /** The server, or the watchdog here, ended a connection that brought nothing for a long time. */
  | 'idle'
  | Failure;

/**
 * Reads one connection to an output stream, from the position on. It never throws for what goes wrong on the way: that
 * is its ending.
 */
export type Connection = AsyncGenerator<OutputPiece, Ending>;
