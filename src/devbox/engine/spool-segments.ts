import { close, openSync, read, write, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';

const readAt = promisify(read);
const writeAt = promisify(write);

interface Segment {
  start: number;
  /** Claimed; written or about to be. */
  length: number;
  path: string;
  fd: number;
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

/** A spool's bytes on disk, in files of one size each: only a whole file can be given back at the front. */
export class SpoolSegments {
  readonly #path: string;
  readonly #segmentBytes: number;
  #segments: Segment[] = [];
  readonly #removals = new Set<Promise<unknown>>();
  #count = 0;

  constructor(path: string, segmentBytes: number) {
    this.#path = path;
    this.#segmentBytes = segmentBytes;
  }

  /** First byte on disk; undefined when there is none. */
  get start(): number | undefined {
    return this.#segments[0]?.start;
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
    await use(segment, async () => {
      for (let done = 0; done < bytes.length && !segment.doomed; ) {
        const { bytesWritten } = await writeAt(segment.fd, bytes, done, bytes.length - done, position + done);
        done += bytesWritten;
      }
    });
  }

  /** The same, while everything waits. */
  writeNow({ segment, position, bytes }: Claim): void {
    for (let done = 0; done < bytes.length && !segment.doomed; ) {
      done += writeSync(segment.fd, bytes, done, bytes.length - done, position + done);
    }
  }

  /** At most `maxBytes`, fewer at a segment's end, none when `offset` is not on disk (any more). */
  async read(offset: number, maxBytes: number): Promise<Uint8Array> {
    const segment = this.#segments.findLast((candidate) => candidate.start <= offset);
    const length = segment ? Math.min(maxBytes, segment.start + segment.length - offset) : 0;
    if (!segment || length <= 0) return new Uint8Array(0);
    const bytes = new Uint8Array(length);
    const { bytesRead } = await use(segment, () =>
      readAt(segment.fd, bytes, 0, length, offset - segment.start),
    );
    return bytes.subarray(0, bytesRead);
  }

  /** Deletes the files that hold only bytes before `offset`; resolves when these, and those of earlier calls, are gone. */
  async deleteBefore(offset: number): Promise<void> {
    const kept = this.#segments.findIndex((segment) => segment.start + segment.length > offset);
    const gone = this.#segments.splice(0, kept < 0 ? this.#segments.length : kept);
    for (const segment of gone) {
      segment.doomed = true;
      closeUnused(segment);
    }
    const removal = Promise.all(gone.map(({ path }) => rm(path, { force: true })));
    this.#removals.add(removal);
    await Promise.all(this.#removals).finally(() => this.#removals.delete(removal));
  }

  #segmentAt(offset: number): Segment {
    const last = this.#segments.at(-1);
    const follows = last && last.start + last.length === offset;
    if (follows && last.length < this.#segmentBytes) return last;
    const path = `${this.#path}.${this.#count++}`;
    const fd = openSync(path, 'wx+', 0o600);
    const segment = { start: offset, length: 0, path, fd, users: 0, doomed: false };
    this.#segments.push(segment);
    return segment;
  }
}

async function use<T>(segment: Segment, work: () => Promise<T>): Promise<T> {
  segment.users++;
  try {
    return await work();
  } finally {
    segment.users--;
    closeUnused(segment);
  }
}

function closeUnused(segment: Segment): void {
  if (!segment.doomed || segment.users > 0) return;
  segment.users = Number.POSITIVE_INFINITY; // never twice: the number may be another file's by then
  close(segment.fd, () => {});
}
