import type { ShortOutput } from './short-log.ts';
import type { SpoolMemory } from './spool-memory.ts';
import type { Claim, SpoolSegments } from './spool-segments.ts';

const MIB = 2 ** 20;
/** An output up to this size stays in memory, and touches the disk only where it is durable. */
const MEMORY_ONLY = 65_536;
/** A durable output up to this size is in the log of short ones; the block of memory that holds it is as large. */
const SHORT_BYTES = 4096;
/** Written at once: a write per chunk costs six sevenths of the throughput. */
const BATCH = MIB;
const LARGEST_BATCH = 8 * MIB;
/** Of a live output this much stays in memory: whoever follows it reads no disk. */
const RECENT = MIB;
/** A command that is faster than the disk is held to the disk's pace from here on, so that nothing is lost. */
const UNWRITTEN_LIMIT = 32 * MIB;
/** The same for a durable one: all of it may be lost. */
const UNWRITTEN_DURABLE_LIMIT = 8 * MIB;
/** A durable one is written at once, while everything waits, as long as that takes at most this part of the time. */
const WRITING_SHARE = 1 / 5;
/** What could not be written at once is, after this time or that much. */
const SOON_MS = 1;
const SOON_BYTES = MIB / 4;

export interface SpoolWriterOptions {
  readonly memory: SpoolMemory;
  readonly disk: SpoolSegments;
  readonly durable: boolean;
  /** Where it is kept while it is short; unset: nowhere but in files of its own. */
  readonly short?: ShortOutput;
  /** What an earlier process has left in files; `memory` holds what it has left in the log. */
  readonly left: { readonly end: number; readonly ended: boolean };
}

/**
 * Brings a spool's bytes from memory to disk, and lets memory go where the disk has it.
 *
 * Invariants: `written` ≤ `claimed` ≤ the end of memory; what is claimed has one place on disk and is written there once,
 * or twice with the same bytes; a durable spool's file has no gap, whenever the process is killed.
 */
export class SpoolWriter {
  readonly #memory: SpoolMemory;
  readonly #disk: SpoolSegments;
  readonly #durable: boolean;
  /** Until all that is in it is in a file as well. */
  #short: ShortOutput | undefined;
  #shortBytes = 0;
  #isShort: boolean;
  /** Bytes before this have a place on disk (or are gone). */
  #claimed: number;
  /** Bytes before this are on disk (or gone). */
  #written: number;
  #ended: boolean;
  #busy = false;
  /** Being written; what comes after it must not reach the disk before it. */
  #inFlight: readonly Claim[] = [];
  /** From when on a write at once is affordable again. */
  #affordableAt = 0;
  #soon: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #failure: Error | undefined;
  /** Who waits for bytes to be on disk. */
  #waiting: { readonly end: number; readonly resolve: () => void }[] = [];

  constructor({ memory, disk, durable, short, left }: SpoolWriterOptions) {
    this.#memory = memory;
    this.#disk = disk;
    this.#durable = durable;
    const hasFile = disk.start !== undefined;
    const inLog = memory.end > left.end;
    this.#short = durable && (inLog || !hasFile) ? short : undefined;
    this.#shortBytes = this.#short === undefined ? 0 : memory.end;
    this.#isShort = this.#short !== undefined && !hasFile;
    this.#claimed = this.#isShort ? memory.end : left.end;
    this.#written = this.#claimed;
    this.#ended = left.ended;
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Memory has more. */
  appended(): void {
    if (this.#isShort && this.#writeShort()) return;
    if (this.#durable) this.#writeSoon();
    else if (this.#unclaimed >= BATCH) this.#writeBehind();
    const limit = this.#durable ? UNWRITTEN_DURABLE_LIMIT : UNWRITTEN_LIMIT;
    if (this.#unclaimed > limit) this.#writeNow();
  }

  /** No more will come. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#soon);
    if (this.#durable && !this.#busy && this.#unclaimed <= SOON_BYTES) this.#writeNow();
    this.#writeBehind();
  }

  /** Resolves when the bytes before `end`, which were appended, are on disk, or cannot be (see `failure`). */
  flush(end: number): Promise<void> {
    if (this.#written >= end || this.#failure) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ end, resolve });
      this.#writeBehind();
    });
  }

  /** Gives up what is only in memory and before `offset`; it has no place on disk. */
  forgetBefore(offset: number): void {
    this.#memory.forgetBefore(offset);
    this.#claimed = Math.max(this.#claimed, this.#memory.start);
  }

  /** Nothing is worth writing any more. */
  abandon(): void {
    this.#claimed = this.#memory.end;
    clearTimeout(this.#soon);
    this.#short?.forget();
    this.#isWritten(this.#claimed);
  }

  /** Resolves when no write is under way. */
  async idle(): Promise<void> {
    await this.#writing;
  }

  /** Deletes the files that hold only bytes before `offset`. */
  deleteBefore(offset: number): void {
    this.#disk.deleteBefore(offset).catch((error: Error) => {
      this.#failure ??= error;
      this.#tellWaiting();
    });
  }

  /** @returns whether it is short still, and in the log; otherwise all of it goes into files from here on */
  #writeShort(): boolean {
    const end = this.#memory.end;
    if (end <= SHORT_BYTES) {
      try {
        for (const view of this.#memory.views(this.#written, SHORT_BYTES)) this.#short?.append(view);
        this.#shortBytes = end;
        this.#claimed = end;
        this.#isWritten(end);
        return true;
      } catch {
        // A file of its own meets the same cause, and says so.
      }
    }
    this.#isShort = false;
    this.#claimed = this.#memory.start;
    this.#written = this.#memory.start;
    return false;
  }

  get #unclaimed(): number {
    return this.#memory.end - this.#claimed;
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
      this.#isWritten(Math.max(this.#written, end));
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
    } else if (this.#unclaimed >= SOON_BYTES) {
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
    this.#isWritten(this.#claimed);
    this.#sealWritten();
  }

  #sealWritten(): void {
    if (!this.#ended || this.#busy || this.#failure || this.#written < this.#memory.end) return;
    try {
      this.#disk.seal();
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #claim(atLeast: number): Claim[] {
    if (this.#failure || this.#unclaimed < atLeast) return [];
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
    if (this.#durable || this.#waiting.length > 0) return 1;
    if (!this.#ended) return BATCH;
    return this.#claimed === 0 && this.#memory.end <= MEMORY_ONLY ? Number.POSITIVE_INFINITY : 1;
  }

  #isWritten(end: number): void {
    this.#written = end;
    this.#forgetWritten();
    this.#tellWaiting();
    if (this.#isShort || this.#failure || end < this.#shortBytes) return;
    this.#short?.forget();
    this.#short = undefined;
  }

  #tellWaiting(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) {
      if (one.end <= this.#written || this.#failure) one.resolve();
      else this.#waiting.push(one);
    }
  }

  #forgetWritten(): void {
    const size = this.#memory.end;
    // While a write is under way elsewhere it may be of bytes that were written once more here: they must stay as they are.
    if (this.#failure || this.#inFlight.length > 0 || (this.#ended && size <= MEMORY_ONLY)) return;
    this.#memory.recycleBefore(Math.min(this.#written, size - (this.#ended ? 0 : RECENT)));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.deleteBefore(this.#memory.end);
    this.#tellWaiting();
  }
}
