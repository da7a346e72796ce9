import { renameSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { devboxStatus } from '../../../api/devbox.ts';

/** What a created devbox is, on disk: it outlives the server, with its home. */
const devboxRecord = z.object({
  id: z.string(),
  name: z.string().optional(),
  metadata: z.record(z.string(), z.string()),
  environment: z.record(z.string(), z.string()),
  launchParameters: z.record(z.string(), z.unknown()),
  /** Unix time, ms. */
  createdAtMs: z.number(),
  /** How it came to be what it is, the oldest first. */
  transitions: z.array(z.object({ status: devboxStatus, at: z.number() })).default([]),
});
export type DevboxRecord = z.infer<typeof devboxRecord>;

const FILE = 'devbox.json';

/** @param dir the devbox's own directory */
export function writeDevboxRecord(dir: string, record: DevboxRecord): void {
  const path = join(dir, FILE);
  // Renamed into place, so that a record is whole or absent; at one go, so that none is written across another.
  // 0600: the environment may hold secrets.
  writeFileSync(`${path}.new`, JSON.stringify(record, null, 2), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/**
 * The devboxes that are left from earlier servers, oldest first. A folder without a whole record was never a devbox
 * that anyone was told of, and is passed over.
 *
 * @param dir the directory that holds one directory for each devbox
 */
export async function readDevboxRecords(dir: string): Promise<DevboxRecord[]> {
  const names = (await readdir(dir)).filter((name) => name.startsWith('dbx_'));
  const records = await Promise.all(names.map((name) => readRecord(join(dir, name, FILE))));
  return records
    .filter((record) => record !== undefined)
    .sort((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1));
}

async function readRecord(path: string): Promise<DevboxRecord | undefined> {
  try {
    return devboxRecord.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}
