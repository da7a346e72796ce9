import { Changes } from './changes.ts';
import { lastLinesStart } from './last-lines.ts';
import type { ShortOutput } from './short-log.ts';
import { SpoolMemory } from './spool-memory.ts';
import { SpoolSegments } from './spool-segments.ts';
import { SpoolWriter } from './spool-writer.ts';

const MIB = 2 ** 20;
const DEFAULT_CAP = 2048 * MIB;
/** Kept of an output that the disk does not take. */
const WITHOUT_DISK = 64 * MIB;
const SMALLEST_SEGMENT = 65_536;
const LARGEST_SEGMENT = 64 * MIB;
const TAIL_LIMIT = 16 * MIB;

export interface SpoolOptions {
  /** Files are named `path.0`, `path.1` …, made when the output outgrows memory. The folder must exist by then. */
  path: string;
  /** Bytes kept; the oldest beyond them go. Default 2 GiB. */
  capBytes?: number;
  /**
   * Every byte goes to disk as soon as can be, small outputs too, so that another process can `open` it after this one
   * was killed. Of a command that pauses between its writes nothing is lost that `append` got; of one that floods, what
   * came during the last two writes, 16 MiB at most.
   */
  durable?: boolean;
  /** Where a durable one is kept while it is short: in a file with others. */
  short?: ShortOutput;
}

/** Asked for bytes that are no longer held. */
export class SpoolTrimmedError extends RangeError {
  /** The first byte still held. */
  readonly start: number;

  constructor(offset: number, start: number) {
    super(
      `Byte ${offset} of the output is no longer held: the oldest was dropped, it starts at ${start} now.`,
    );
    this.name = 'SpoolTrimmedError';
    this.start = start;
  }
}

/**
 * One stream of one execution's output, addressed by byte offset. Appending never waits for readers; each of them goes
 * at its own pace.
 */
export class Spool {
  readonly #cap: number;
  readonly #segmentBytes: number;
  readonly #memory: SpoolMemory;
  readonly #disk: SpoolSegments;
  readonly #writer: SpoolWriter;
  #ended = false;
  readonly #changes = new Changes();

  /** Goes on with what another process has left at `options.path`; `durable` ones only leave everything. */
  static open(options: SpoolOptions): Spool {
    return new Spool(options, 'load');
  }

  constructor(options: SpoolOptions, from?: 'load') {
    this.#cap = options.capBytes ?? DEFAULT_CAP;
    const sixteenth = Math.ceil(this.#cap / 16);
    this.#segmentBytes = Math.min(LARGEST_SEGMENT, Math.max(SMALLEST_SEGMENT, sixteenth));
    this.#disk = new SpoolSegments(options.path, this.#segmentBytes);
    const { short, durable = false } = options;
    const left = from === 'load' ? this.#disk.load() : { end: 0, ended: false };
    this.#ended = left.ended;
    const inLog = from === 'load' ? short?.read() : undefined;
    if (inLog !== undefined && inLog.length > left.end) {
      // If there is a file too, it was just being made, and begins with the same bytes.
      this.#memory = new SpoolMemory(0);
      this.#memory.append(inLog);
    } else {
      this.#memory = new SpoolMemory(left.end);
      short?.forget();
    }
    this.#writer = new SpoolWriter({
      memory: this.#memory,
      disk: this.#disk,
      durable,
      ...(short === undefined ? {} : { short }),
      left,
    });
  }

  /** Bytes ever appended. */
  get size(): number {
    return this.#memory.end;
  }

  /** The first byte still held: 0 unless the oldest were dropped. */
  get start(): number {
    return this.#disk.start ?? this.#memory.start;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Why the disk could not take it (full, not writable). From then on only the newest 64 MiB are held. */
  get failure(): Error | undefined {
    return this.#writer.failure;
  }

  /** Copies `chunk`. Nothing happens after the end. */
  append(chunk: Uint8Array): void {
    if (this.#ended || chunk.length === 0) return;
    this.#memory.append(chunk);
    this.#writer.appended();
    if (this.size - this.start > this.#limit) this.#trim();
    this.#changes.tell();
  }

  /** No more will come. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#writer.end();
    this.#changes.tell();
  }

  /** Resolves when the bytes before `end`, all so far if unset, are on disk, or cannot be (see `failure`). */
  flush(end = this.size): Promise<void> {
    return this.#writer.flush(Math.min(end, this.size));
  }

  /**
   * Copies bytes from `offset` into `target`; it may be fewer than there are, and none only when nothing is there yet.
   *
   * @returns how many
   * @throws SpoolTrimmedError when `offset` is before `start`.
   */
  async readInto(target: Uint8Array, offset: number): Promise<number> {
    if (offset < this.start) throw new SpoolTrimmedError(offset, this.start);
    if (offset >= this.size || target.length === 0) return 0;
    if (offset >= this.#memory.start) return this.#memory.copy(offset, target);
    const length = await this.#disk.readInto(target.subarray(0, this.#memory.start - offset), offset);
    if (length > 0) return length;
    if (offset < this.start) throw new SpoolTrimmedError(offset, this.start);
    throw new Error(`Byte ${offset} of the output cannot be read back: its file was cut or removed.`);
  }

  /**
   * The next append or end; at once when it has ended. Bytes may have come since a `read` that gave none: wait only
   * while `offset >= size && !ended`.
   *
   * @throws the signal's reason when it is aborted.
   */
  changed(signal?: AbortSignal): Promise<void> {
    return this.#ended ? Promise.resolve() : this.#changes.next(signal);
  }

  /**
   * The last `lines` lines; a line break at the very end opens no new line.
   *
   * @param maxBytes most bytes of them; 16 MiB if unset
   * @returns `truncated`: there was more before.
   */
  async tail(lines: number, maxBytes = TAIL_LIMIT): Promise<{ bytes: Uint8Array; truncated: boolean }> {
    const end = this.size;
    const floor = Math.max(this.start, end - maxBytes);
    const from = await lastLinesStart(lines, floor, end, (offset, length) => this.#readAll(offset, length));
    return { bytes: await this.#readAll(from, end - from), truncated: from > 0 };
  }

  /** Ends it, forgets and deletes everything. */
  async dispose(): Promise<void> {
    this.#writer.abandon();
    this.end();
    this.#memory.forgetBefore(this.size);
    await this.#disk.deleteBefore(this.size);
    await this.#writer.idle();
  }

  async #readAll(offset: number, length: number): Promise<Uint8Array> {
    const whole = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      at += await this.readInto(whole.subarray(at), offset + at);
    }
    return whole;
  }

  get #limit(): number {
    return this.failure ? WITHOUT_DISK : this.#cap;
  }

  #trim(): void {
    const from = this.size - this.#limit;
    this.#writer.deleteBefore(from + this.#segmentBytes);
    if (this.#disk.start === undefined) this.#writer.forgetBefore(from);
  }
}
