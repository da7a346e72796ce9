import { lastLinesStart } from './last-lines.ts';
import { SpoolMemory } from './spool-memory.ts';
import { type Claim, SpoolSegments } from './spool-segments.ts';

const MIB = 2 ** 20;
const DEFAULT_CAP = 2048 * MIB;
/** An output up to this size stays in memory, and touches the disk only where it is durable. */
const MEMORY_ONLY = 65_536;
/** Written at once: a write per chunk costs six sevenths of the throughput. */
const BATCH = MIB;
const LARGEST_BATCH = 8 * MIB;
/** Of a live output this much stays in memory: whoever follows it reads no disk. */
const RECENT = MIB;
/** A command that is faster than the disk is held to the disk's pace from here on, so that nothing is lost. */
const UNWRITTEN_LIMIT = 32 * MIB;
/** Kept of an output that the disk does not take. */
const WITHOUT_DISK = 64 * MIB;
/** The same for a durable one: all of it may be lost. */
const UNWRITTEN_DURABLE_LIMIT = 8 * MIB;
/** A durable one is written at once, while everything waits, as long as that takes at most this part of the time. */
const WRITING_SHARE = 1 / 5;
/** What could not be written at once is, after this time or that much. */
const SOON_MS = 1;
const SOON_BYTES = MIB / 4;
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
  readonly #durable: boolean;
  /** Bytes before this have a place on disk (or are gone). */
  #claimed: number;
  /** Bytes before this are on disk (or gone). */
  #written: number;
  #busy = false;
  /** Being written; what comes after it must not reach the disk before it. */
  #inFlight: readonly Claim[] = [];
  #flushes = 0;
  /** From when on a write at once is affordable again. */
  #affordableAt = 0;
  #soon: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #failure: Error | undefined;
  #ended = false;
  #change = Promise.withResolvers<void>();

  /** Goes on with what another process has left at `options.path`; `durable` ones only leave everything. */
  static open(options: SpoolOptions): Spool {
    return new Spool(options, 'load');
  }

  constructor(options: SpoolOptions, from?: 'load') {
    this.#cap = options.capBytes ?? DEFAULT_CAP;
    const sixteenth = Math.ceil(this.#cap / 16);
    this.#segmentBytes = Math.min(LARGEST_SEGMENT, Math.max(SMALLEST_SEGMENT, sixteenth));
    this.#disk = new SpoolSegments(options.path, this.#segmentBytes);
    this.#durable = options.durable === true;
    const left = from === 'load' ? this.#disk.load() : { end: 0, ended: false };
    this.#memory = new SpoolMemory(left.end);
    this.#claimed = left.end;
    this.#written = left.end;
    this.#ended = left.ended;
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
    return this.#failure;
  }

  /** Copies `chunk`. Nothing happens after the end. */
  append(chunk: Uint8Array): void {
    if (this.#ended || chunk.length === 0) return;
    this.#memory.append(chunk);
    if (this.#durable) this.#writeSoon();
    else if (this.size - this.#claimed >= BATCH) this.#writeBehind();
    const limit = this.#durable ? UNWRITTEN_DURABLE_LIMIT : UNWRITTEN_LIMIT;
    if (this.size - this.#claimed > limit) this.#writeNow();
    if (this.size - this.start > (this.#failure ? WITHOUT_DISK : this.#cap)) this.#trim();
    this.#wake();
  }

  /** No more will come. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#soon);
    if (this.#durable && !this.#busy && this.size - this.#claimed <= SOON_BYTES) this.#writeNow();
    this.#writeBehind();
    this.#wake();
  }

  /** Resolves when everything that was appended before is on disk, or cannot be (see `failure`). */
  async flush(): Promise<void> {
    const end = this.size;
    this.#flushes++;
    try {
      while (this.#written < end && !this.#failure) {
        this.#writeBehind();
        await this.#writing;
      }
    } finally {
      this.#flushes--;
    }
  }

  /**
   * At most `maxBytes` bytes from `offset`; it may be fewer than there are, and none only when nothing is there yet.
   *
   * @throws SpoolTrimmedError when `offset` is before `start`.
   */
  async read(offset: number, maxBytes: number): Promise<Uint8Array> {
    if (offset < this.start) throw new SpoolTrimmedError(offset, this.start);
    if (offset >= this.size || maxBytes <= 0) return new Uint8Array(0);
    if (offset >= this.#memory.start) return this.#memory.copy(offset, maxBytes);
    const bytes = await this.#disk.read(offset, Math.min(maxBytes, this.#memory.start - offset));
    if (bytes.length > 0) return bytes;
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
    if (this.#ended) return Promise.resolve();
    if (!signal) return this.#change.promise;
    if (signal.aborted) return Promise.reject(signal.reason);
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    return Promise.race([this.#change.promise, aborted.promise]).finally(() =>
      signal.removeEventListener('abort', abort),
    );
  }

  /**
   * The last `lines` lines, at most 16 MiB of them; a line break at the very end opens no new line.
   *
   * @returns `truncated`: there was more before.
   */
  async tail(lines: number): Promise<{ bytes: Uint8Array; truncated: boolean }> {
    const end = this.size;
    const floor = Math.max(this.start, end - TAIL_LIMIT);
    const from = await lastLinesStart(lines, floor, end, (offset, length) => this.#readAll(offset, length));
    return { bytes: await this.#readAll(from, end - from), truncated: from > 0 };
  }

  /** Ends it, forgets and deletes everything. */
  async dispose(): Promise<void> {
    this.#claimed = this.size; // nothing is worth writing any more
    clearTimeout(this.#soon);
    this.end();
    this.#memory.forgetBefore(this.size);
    await this.#disk.deleteBefore(this.size);
    await this.#writing;
  }

  async #readAll(offset: number, length: number): Promise<Uint8Array> {
    const whole = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const part = await this.read(offset + at, length - at);
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  #writeBehind(): void {
    if (this.#busy) return;
    this.#busy = true;
    this.#writing = this.#writeBatches();
  }

  async #writeBatches(): Promise<void> {
    for (;;) {
      const claims = this.#claim(this.#worthWriting());
      if (claims.length === 0) break;
      const end = this.#claimed;
      this.#inFlight = claims;
      try {
        for (const claim of claims) await this.#disk.write(claim);
      } catch (error) {
        this.#fail(error as Error);
      }
      this.#inFlight = [];
      // `writeNow` may have got further meanwhile.
      this.#written = Math.max(this.#written, end);
      this.#forgetWritten();
    }
    this.#busy = false;
    this.#sealWritten();
  }

  /** Of what was appended just now: at once, as long as that is cheap beside the rest; else in batches. */
  #writeSoon(): void {
    if (this.#busy) return; // it goes on until nothing is left
    const now = performance.now();
    if (now >= this.#affordableAt) {
      this.#writeNow();
      const done = performance.now();
      this.#affordableAt = done + (done - now) * (1 / WRITING_SHARE - 1);
    } else if (this.size - this.#claimed >= SOON_BYTES) {
      this.#writeBehind();
    } else {
      this.#soon ??= setTimeout(() => {
        this.#soon = undefined;
        this.#writeBehind();
      }, SOON_MS);
    }
  }

  /**
   * What is under way elsewhere is written here once more, the same bytes to the same place: a process that is killed
   * leaves no gap on disk, and neither waits for the other.
   */
  #writeNow(): void {
    try {
      for (const claim of this.#inFlight) this.#disk.writeNow(claim);
    } catch (error) {
      this.#fail(error as Error);
    }
    for (let claims = this.#claim(1); claims.length > 0; claims = this.#claim(1)) {
      try {
        for (const claim of claims) this.#disk.writeNow(claim);
      } catch (error) {
        this.#fail(error as Error);
      }
    }
    this.#written = this.#claimed;
    this.#forgetWritten();
    this.#sealWritten();
  }

  #sealWritten(): void {
    if (!this.#ended || this.#busy || this.#failure || this.#written < this.size) return;
    try {
      this.#disk.seal();
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #claim(atLeast: number): Claim[] {
    if (this.#failure || this.size - this.#claimed < atLeast) return [];
    const views = this.#memory.views(this.#claimed, LARGEST_BATCH);
    try {
      const claims = this.#disk.claim(this.#claimed, views);
      for (const { bytes } of claims) this.#claimed += bytes.length;
      return claims;
    } catch (error) {
      this.#fail(error as Error);
      return [];
    }
  }

  /** In batches while it lives; all of it at the end, unless it is small. */
  #worthWriting(): number {
    if (this.#durable || this.#flushes > 0) return 1;
    if (!this.#ended) return BATCH;
    return this.#claimed === 0 && this.size <= MEMORY_ONLY ? Number.POSITIVE_INFINITY : 1;
  }

  #forgetWritten(): void {
    if (this.#failure || (this.#ended && this.size <= MEMORY_ONLY)) return;
    this.#memory.forgetBefore(Math.min(this.#written, this.size - (this.#ended ? 0 : RECENT)));
  }

  #trim(): void {
    const from = this.size - (this.#failure ? WITHOUT_DISK : this.#cap);
    this.#delete(from + this.#segmentBytes);
    if (this.#disk.start !== undefined) return;
    this.#memory.forgetBefore(from);
    this.#claimed = Math.max(this.#claimed, this.#memory.start);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#delete(this.size);
  }

  #delete(before: number): void {
    this.#disk.deleteBefore(before).catch((error: Error) => {
      this.#failure ??= error;
    });
  }

  #wake(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }
}
