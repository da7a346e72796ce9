import type { OutputStreamName } from '../execution.ts';

/**
 * Extension: `GET /nsh/v1/devboxes/{id}/executions/{e}/output?stdout_offset=N&stderr_offset=M` answers with both streams
 * in one body, live, in the order in which the server saw them grow. The body is made of frames, as Docker's attach has
 * them: the stream (1 stdout, 2 stderr), three zeros, the length as four bytes (big-endian), then so many bytes of that
 * stream. Where bytes are no longer held a frame of 17 or 18 stands for them: two offsets of eight bytes (big-endian), the
 * first byte that is missing and the first one that is there again. A body that ends cleanly ended with both streams; one
 * that is cut is resumed from the next byte needed of each.
 */

/** Name of the capability in `GET /nsh/v1/server`. */
export const ORDERED_OUTPUT_CAPABILITY = 'ordered_output';

export const ORDERED_OUTPUT_TYPE = 'application/vnd.nsh.ordered-output';

export const FRAME_HEADER_BYTES = 8;
export const GAP_FRAME_BYTES = FRAME_HEADER_BYTES + 16;

const STREAM_TYPES: Readonly<Record<OutputStreamName, number>> = { stdout: 1, stderr: 2 };
const GAP = 16;
const STREAMS = ['stdout', 'stderr'] as const;

export type OutputFrame =
  /** The next bytes of a stream, or some of them: a frame is handed out as it comes. */
  | { readonly stream: OutputStreamName; readonly bytes: Uint8Array }
  | { readonly stream: OutputStreamName; readonly from: number; readonly to: number };

/** Writes what stands before so many bytes of a stream. */
export function writeFrameHeader(target: Buffer, at: number, stream: OutputStreamName, length: number): void {
  target.writeUInt32BE(STREAM_TYPES[stream] * 2 ** 24, at);
  target.writeUInt32BE(length, at + 4);
}

/** Writes a whole frame, `GAP_FRAME_BYTES` long. */
export function writeGapFrame(
  target: Buffer,
  at: number,
  { stream, from, to }: { readonly stream: OutputStreamName; readonly from: number; readonly to: number },
): void {
  target.writeUInt32BE((GAP + STREAM_TYPES[stream]) * 2 ** 24, at);
  target.writeUInt32BE(GAP_FRAME_BYTES - FRAME_HEADER_BYTES, at + 4);
  target.writeBigUInt64BE(BigInt(from), at + FRAME_HEADER_BYTES);
  target.writeBigUInt64BE(BigInt(to), at + FRAME_HEADER_BYTES + 8);
}

/** A frame that is not as agreed. */
export class FrameError extends Error {
  override name = 'FrameError';
}

/** Takes a body of frames apart, cut anywhere. Frames of types that it does not know are passed over. */
export class FrameDecoder {
  /** The beginning of a header, or of a header and a gap's offsets. */
  readonly #begun = Buffer.alloc(GAP_FRAME_BYTES);
  #begunBytes = 0;
  #type = 0;
  /** Bytes of the present frame that are still to come. */
  #left = 0;

  /**
   * The bytes that are handed out are views of those given.
   *
   * @throws FrameError for a gap without its offsets
   */
  *feed(bytes: Uint8Array): Generator<OutputFrame> {
    for (let at = 0; at < bytes.byteLength; ) {
      if (this.#left === 0 || this.#isGap) {
        at += this.#begin(bytes.subarray(at));
        const gap = this.#gap();
        if (gap) yield gap;
        continue;
      }
      const part = bytes.subarray(at, at + this.#left);
      this.#left -= part.byteLength;
      at += part.byteLength;
      const stream = STREAMS[this.#type - 1];
      if (stream) yield { stream, bytes: part };
    }
  }

  get #isGap(): boolean {
    return STREAMS[this.#type - GAP - 1] !== undefined;
  }

  /** @returns how many bytes were taken */
  #begin(bytes: Uint8Array): number {
    const wanted = this.#left > 0 ? GAP_FRAME_BYTES : FRAME_HEADER_BYTES;
    const part = bytes.subarray(0, wanted - this.#begunBytes);
    this.#begun.set(part, this.#begunBytes);
    this.#begunBytes += part.byteLength;
    if (this.#begunBytes === FRAME_HEADER_BYTES && this.#left === 0) {
      this.#type = this.#begun[0] ?? 0;
      this.#left = this.#begun.readUInt32BE(4);
      if (!this.#isGap) this.#begunBytes = 0;
      else if (this.#left !== GAP_FRAME_BYTES - FRAME_HEADER_BYTES)
        throw new FrameError(`the frame of a gap is ${this.#left} bytes long`);
    }
    return part.byteLength;
  }

  #gap(): OutputFrame | undefined {
    if (this.#begunBytes < GAP_FRAME_BYTES) return undefined;
    const stream = STREAMS[this.#type - GAP - 1];
    this.#begunBytes = 0;
    this.#left = 0;
    const [from, to] = [8, 16].map((at) => Number(this.#begun.readBigUInt64BE(at)));
    return stream && { stream, from: from ?? 0, to: to ?? 0 };
  }
}
