import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EntryCollector, type HistoryEntry, parseRecord } from './history-file-records.ts';

const SUFFIX = '.jsonl';
/** Of a name that is no segment's; the shell's own name has no dot. */
const SEGMENT = /^\.(\d+)-\d+\.jsonl$/;
/** Read at once, bytes: parsing it takes about 3 ms, after which keys have their turn. */
const BLOCK_BYTES = 128 * 1024;
/** Read of one segment at most, its end: a file that something else blew up does not stop the REPL. */
const MOST_BYTES = 32 * 1024 * 1024;
/** How long a segment that is no longer needed stays, for a REPL that is still writing to it. */
const KEEP_MS = 24 * 60 * 60 * 1000;

/**
 * Sets a grown file aside as `name.<ms>.jsonl`, where it is still read. Renaming loses nothing that another REPL
 * appends meanwhile: it lands in the one file or in the other. Rewriting the file would, without a lock that every
 * append has to take.
 */
export async function rotate(path: string, maxBytes: number): Promise<void> {
  const info = await stat(path).catch(absent);
  if (info === undefined || info.size <= maxBytes) return;
  // Another REPL may be setting it aside as well: with names of their own neither replaces the other's segment.
  const aside = `${stem(path)}.${Date.now()}-${process.pid}${SUFFIX}`;
  await rename(path, join(dirname(path), aside)).catch(absent);
}

/**
 * The newest `limit` entries of the file and its segments, oldest first, and the paths of segments that only hold
 * older ones. Reads from the end, no more than it takes, block by block: other work has its turn between two.
 */
export async function readNewest(
  path: string,
  limit: number,
): Promise<{ entries: HistoryEntry[]; surplus: string[] }> {
  const collector = new EntryCollector();
  const surplus: string[] = [];
  await collect(path, limit, collector);
  // Listed after that: what another REPL sets aside meanwhile is read in one of the two places at least.
  for (const { path: segment, since } of await segmentsOf(path)) {
    if (collector.size < limit) await collect(segment, limit, collector);
    else if (Date.now() - since > KEEP_MS) surplus.push(segment);
  }
  return { entries: collector.entries(limit), surplus };
}

async function collect(path: string, limit: number, collector: EntryCollector): Promise<void> {
  for await (const lines of linesBackwards(path)) {
    for (const line of lines) {
      const record = line === '' ? undefined : parseRecord(line);
      if (record !== undefined) collector.add(record);
    }
    // Beyond the limit by some: a record of the oldest entry may stand further up.
    if (collector.size >= limit * 1.1 + 10) return;
  }
}

export async function removeSegments(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { force: true });
}

/** Of a folder of histories, the files that shells append to. */
export async function historyFilesIn(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch(absent);
  return (names ?? [])
    .filter((name) => name.endsWith(SUFFIX) && name.indexOf('.') === name.length - SUFFIX.length)
    .map((name) => join(dir, name));
}

/** Newest first. */
async function segmentsOf(path: string): Promise<{ path: string; since: number }[]> {
  const names = await readdir(dirname(path)).catch(absent);
  return (names ?? [])
    .filter((name) => name.startsWith(`${stem(path)}.`))
    .flatMap((name) => {
      const since = SEGMENT.exec(name.slice(stem(path).length))?.[1];
      return since === undefined ? [] : [{ path: join(dirname(path), name), since: Number(since) }];
    })
    .sort((a, b) => b.since - a.since);
}

/** The lines of a file, some at a time, the last first. */
async function* linesBackwards(path: string): AsyncGenerator<readonly string[]> {
  const file = await open(path, 'r').catch(absent);
  if (file === undefined) return;
  try {
    const { size } = await file.stat();
    /** The end of a line whose beginning is still to be read, in pieces, the last first. */
    let cut: Buffer[] = [];
    for (let end = size; end > Math.max(0, size - MOST_BYTES); end -= BLOCK_BYTES) {
      const block = await readBlock(file, Math.max(0, end - BLOCK_BYTES), end);
      const firstFeed = block.indexOf(0x0a);
      if (firstFeed < 0) {
        cut.push(block);
        continue;
      }
      const tail = Buffer.concat([block.subarray(firstFeed + 1), ...cut.reverse()]);
      yield tail.toString('utf8').split('\n').reverse();
      cut = [block.subarray(0, firstFeed)];
    }
    yield [Buffer.concat(cut.reverse()).toString('utf8')];
  } finally {
    await file.close();
  }
}

async function readBlock(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
  return buffer.subarray(0, bytesRead);
}

function stem(path: string): string {
  return basename(path, SUFFIX);
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
