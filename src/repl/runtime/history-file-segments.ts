import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type HistoryEntry, mergeRecords, parseRecords } from './history-file-records.ts';

const SUFFIX = '.jsonl';
/** Read of one segment at most, its end: a file that something else blew up does not stop the REPL. */
const MAX_READ_BYTES = 32 * 1024 * 1024;
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

/** The newest `limit` entries of the file and its segments, oldest first; removes segments older than those. */
export async function readSegments(path: string, limit: number): Promise<HistoryEntry[]> {
  const names = await readdir(dirname(path)).catch(absent);
  const pattern = /^\.(\d+)-\d+\.jsonl$/;
  const segments = (names ?? [])
    .filter((name) => name.startsWith(`${stem(path)}.`) && pattern.test(name.slice(stem(path).length)))
    .map((name) => ({
      path: join(dirname(path), name),
      since: Number(name.slice(stem(path).length + 1).split('-')[0]),
    }))
    .sort((a, b) => b.since - a.since);
  let records: HistoryEntry[] = [];
  let entries: HistoryEntry[] = [];
  for (const segment of [{ path, since: Date.now() }, ...segments]) {
    if (entries.length >= limit) {
      if (Date.now() - segment.since > KEEP_MS) await rm(segment.path, { force: true });
      continue;
    }
    records = parseRecords(await readEnd(segment.path)).concat(records);
    entries = mergeRecords(records);
  }
  return entries.slice(-limit);
}

async function readEnd(path: string): Promise<string> {
  const file = await open(path, 'r').catch(absent);
  if (file === undefined) return '';
  try {
    const { size } = await file.stat();
    const length = Math.min(size, MAX_READ_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

function stem(path: string): string {
  return basename(path, SUFFIX);
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
