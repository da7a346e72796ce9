import type { OutputStreamName } from '../../api/execution.ts';
import {
  FRAME_HEADER_BYTES,
  GAP_FRAME_BYTES,
  writeFrameHeader,
  writeGapFrame,
} from '../../api/extension/ordered-output.ts';
import { type OutputSource, readInto } from './follow.ts';
import type { Offsets } from './output-order.ts';

/** Room for a frame that is worth its header. */
const SMALLEST_ROOM = 4 * 1024;

/** Both streams of a command, and the order in which they grew. */
export interface OrderedSource {
  readonly stdout: OutputSource;
  readonly stderr: OutputSource;
  readonly order: { until(from: Offsets): Offsets | undefined };
  /** The next append to either, or end. @throws the signal's reason when it is aborted */
  changed(signal: AbortSignal): Promise<void>;
}

/** Reads both streams as frames, in their order, at the pace of its consumer. */
export class OrderedReader {
  readonly #source: OrderedSource;
  readonly #offsets: Record<OutputStreamName, number>;

  /** @param offsets the first bytes wanted */
  constructor(source: OrderedSource, offsets: Offsets) {
    this.#source = source;
    this.#offsets = { ...offsets };
  }

  /** Whether nothing more can come. To be asked after a read that gave nothing, in the same turn as a wait begins. */
  get isAtEnd(): boolean {
    return this.#next() === undefined && this.#source.stdout.ended && this.#source.stderr.ended;
  }

  /** Whether there is something to read now. */
  get hasMore(): boolean {
    return this.#next() !== undefined;
  }

  /**
   * Fills the target with as many frames as there are now and as it has room for. A reader never has a byte that dies
   * with the server.
   *
   * @returns how many bytes; none only when nothing is there yet
   */
  async read(target: Buffer): Promise<number> {
    let filled = 0;
    while (target.length - filled >= SMALLEST_ROOM) {
      const next = this.#next();
      if (next === undefined) break;
      filled += await this.#frame(target, filled, next);
    }
    const { stdout, stderr } = this.#source;
    if (filled > 0)
      await Promise.all([stdout.flush(this.#offsets.stdout), stderr.flush(this.#offsets.stderr)]);
    return filled;
  }

  #next(): { readonly stream: OutputStreamName; readonly until: number } | undefined {
    const { stdout, stderr, order } = this.#source;
    const until = order.until(this.#offsets) ?? { stdout: stdout.size, stderr: stderr.size };
    if (this.#offsets.stdout < until.stdout) return { stream: 'stdout', until: until.stdout };
    if (this.#offsets.stderr < until.stderr) return { stream: 'stderr', until: until.stderr };
    return undefined;
  }

  /** @returns how much of the target it takes; nothing when the bytes were trimmed meanwhile */
  async #frame(
    target: Buffer,
    at: number,
    { stream, until }: { readonly stream: OutputStreamName; readonly until: number },
  ): Promise<number> {
    const source = this.#source[stream];
    const from = this.#offsets[stream];
    if (from < source.start) {
      const to = source.start;
      writeGapFrame(target, at, { stream, from, to });
      this.#offsets[stream] = to;
      return GAP_FRAME_BYTES;
    }
    const start = at + FRAME_HEADER_BYTES;
    const length = await readInto(target.subarray(start, start + until - from), source, from);
    if (length === 0) return 0;
    writeFrameHeader(target, at, stream, length);
    this.#offsets[stream] = from + length;
    return FRAME_HEADER_BYTES + length;
  }
}
