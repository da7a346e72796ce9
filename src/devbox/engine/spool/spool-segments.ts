import {
  close,
  closeSync,
  fchmodSync,
  openSync,
  read,
  readdirSync,
  statSync,
  write,
  writeSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';

const readAt = promisify(read);
const writeAt = promisify(write);
const WRITABLE = 0o600;
/** The mode of the last segment of an output that has ended. */
const ENDED = 0o400;

interface Segment {
  start: number;
  /** Claimed; written or about to be. */
  length: number;
  path: string;
  /** Undefined while nobody uses a segment that will not grow. */
  fd: number | undefined;
  /** Reads and writes under way: the fd's number must not be given to another file meanwhile. */
  users: number;
  doomed: boolean;
}

/** A part of one segment that is to be written. */
export interface Claim {
  segment: Segment;
  position: number;
  bytes: Uint8Array;
}

/**
 * A spool's bytes on disk, in files of one size each: only a whole file can be given back at the front. The file's name
 * ends with the offset of its first byte, so that the files alone say what there is.
 */
export class SpoolSegments {
  readonly #path: string;
  readonly #segmentBytes: number;
  #segments: Segment[] = [];
  readonly #removals = new Set<Promise<unknown>>();
  #sealed = false;

  constructor(path: string, segmentBytes: number) {
    this.#path = path;
    this.#segmentBytes = segmentBytes;
  }

  /** First byte on disk; undefined when there is none. */
  get start(): number | undefined {
    return this.#segments[0]?.start;
  }

  /** What another process has left. Files before a gap are given up: the output starts behind it. */
  load(): { end: number; ended: boolean } {
    const prefix = `${basename(this.#path)}.`;
    let ended = false;
    const found = readNames(dirname(this.#path)).flatMap((name) => {
      const start = name.startsWith(prefix) ? name.slice(prefix.length) : '';
      if (!/^\d+$/.test(start)) return [];
      const path = this.#path + name.slice(prefix.length - 1);
      const stats = statSync(path, { throwIfNoEntry: false });
      // Trimmed away since the folder was listed.
      if (stats === undefined) return [];
      const { size, mode } = stats;
      ended ||= (mode & 0o777) === ENDED;
      return { start: Number(start), length: size, path, fd: undefined, users: 0, doomed: false };
    });
    for (const segment of found.sort((a, b) => a.start - b.start)) {
      const last = this.#segments.at(-1);
      if (last && last.start + last.length !== segment.start) this.#segments = [];
      this.#segments.push(segment);
    }
    this.#sealed = ended;
    const last = this.#segments.at(-1);
    return { end: last ? last.start + last.length : 0, ended };
  }

  /**
   * Gives the bytes from `offset` on their places; they are then written in any order, by `write` or `writeNow`.
   *
   * @throws Error when a file cannot be created.
   */
  claim(offset: number, views: readonly Uint8Array[]): Claim[] {
    const claims: Claim[] = [];
    let at = offset;
    for (const view of views) {
      for (let done = 0; done < view.length; ) {
        const segment = this.#segmentAt(at);
        const bytes = view.subarray(done, done + this.#segmentBytes - segment.length);
        claims.push({ segment, position: segment.length, bytes });
        segment.length += bytes.length;
        done += bytes.length;
        at += bytes.length;
      }
    }
    return claims;
  }

  /** @throws Error when the disk does not take it. */
  async write({ segment, position, bytes }: Claim): Promise<void> {
    if (segment.doomed) return;
    await this.#use(segment, async (fd) => {
      for (let done = 0; done < bytes.length && !segment.doomed; ) {
        const { bytesWritten } = await writeAt(fd, bytes, done, bytes.length - done, position + done);
        done += bytesWritten;
      }
    });
  }

  /** The same, while everything waits. */
  writeNow({ segment, position, bytes }: Claim): void {
    for (let done = 0; done < bytes.length && !segment.doomed; ) {
      done += writeSync(this.#open(segment), bytes, done, bytes.length - done, position + done);
    }
  }

  /** Fills `target` from `offset` on, less of it at a segment's end, nothing when that is not on disk (any more). */
  async readInto(target: Uint8Array, offset: number): Promise<number> {
    const segment = this.#segments.findLast((candidate) => candidate.start <= offset);
    const length = segment ? Math.min(target.length, segment.start + segment.length - offset) : 0;
    if (!segment || length <= 0) return 0;
    const { bytesRead } = await this.#use(segment, (fd) =>
      readAt(fd, target, 0, length, offset - segment.start),
    );
    return bytesRead;
  }

  /** Everything is written: marks the output as ended, for `load`, and keeps no descriptor but while one is read. */
  seal(): void {
    const last = this.#segments.at(-1);
    if (last && !this.#sealed) fchmodSync(this.#open(last), ENDED);
    this.#sealed = true;
    for (const segment of this.#segments) this.#closeUnused(segment);
  }

  /** Deletes the files that hold only bytes before `offset`; resolves when these, and those of earlier calls, are gone. */
  async deleteBefore(offset: number): Promise<void> {
    const kept = this.#segments.findIndex((segment) => segment.start + segment.length > offset);
    const gone = this.#segments.splice(0, kept < 0 ? this.#segments.length : kept);
    for (const segment of gone) {
      segment.doomed = true;
      this.#closeUnused(segment);
    }
    const removal = Promise.all(gone.map(({ path }) => rm(path, { force: true })));
    this.#removals.add(removal);
    await Promise.all(this.#removals).finally(() => this.#removals.delete(removal));
  }

  #segmentAt(offset: number): Segment {
    const last = this.#segments.at(-1);
    const follows = last && last.start + last.length === offset;
    if (follows && last.length < this.#segmentBytes) return last;
    const path = `${this.#path}.${offset}`;
    const fd = openSync(path, 'wx+', WRITABLE);
    const segment = { start: offset, length: 0, path, fd, users: 0, doomed: false };
    this.#segments.push(segment);
    return segment;
  }

  async #use<T>(segment: Segment, work: (fd: number) => Promise<T>): Promise<T> {
    segment.users++;
    try {
      return await work(this.#open(segment));
    } finally {
      segment.users--;
      this.#closeUnused(segment);
    }
  }

  #open(segment: Segment): number {
    segment.fd ??= openSync(segment.path, this.#sealed ? 'r' : 'r+');
    return segment.fd;
  }

  #closeUnused(segment: Segment): void {
    if (segment.fd === undefined || segment.users > 0 || !(segment.doomed || this.#sealed)) return;
    const { fd } = segment;
    segment.fd = undefined; // its number may be another file's as soon as it is closed
    if (segment.doomed) close(fd, () => {});
    else closeSync(fd);
  }
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
