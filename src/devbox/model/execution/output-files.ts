import { mkdirSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ShortLog, type ShortOutput } from '../../engine/spool/short-log.ts';

/** Where in an id its random part begins, and how much of it names a folder. */
const SHARD = { from: 'exec_'.length, length: 2 };

/** Beside the folders. */
const SHORT = 'short-outputs';

/**
 * The output files of all executions of a devbox, `folder/id.stream.offset`, spread over 256 folders: making a folder for
 * each execution would cost more than all else that is noted of it, and in a single one a spool that looks for what an
 * earlier server has left would look through the files of all.
 */
export class OutputFiles {
  readonly #dir: string;
  readonly #made = new Set<string>();
  readonly #short: ShortLog;

  constructor(dir: string) {
    this.#dir = dir;
    this.#short = new ShortLog(join(dir, SHORT));
  }

  /** The path that the files of an execution begin with. Makes the folder. */
  pathOf(id: string): string {
    const shard = shardOf(id);
    if (!this.#made.has(shard)) {
      try {
        mkdirSync(join(this.#dir, shard), { recursive: true, mode: 0o700 });
        this.#made.add(shard);
      } catch {
        // The spools meet the same cause when they write, and the view says so (`output_failure`).
      }
    }
    return join(this.#dir, shard, id);
  }

  /** Where a stream of an execution is kept while it is short. */
  short(id: string, stream: string): ShortOutput {
    return this.#short.output(`${id}.${stream}`);
  }

  /**
   * What earlier servers have left: for each execution the names of its streams. Files of others are removed.
   *
   * @param isKnown tells the executions that are kept
   */
  async takeStock(isKnown: (id: string) => boolean): Promise<Map<string, Set<string>>> {
    const left = new Map<string, Set<string>>();
    const add = (id: string, stream: string) => left.set(id, (left.get(id) ?? new Set()).add(stream));
    for (const key of [...this.#short.keys()]) {
      const [id = '', stream = ''] = key.split('.');
      if (isKnown(id)) add(id, stream);
      else this.#short.forget(key);
    }
    for (const shard of namesIn(this.#dir)) {
      for (const name of namesIn(join(this.#dir, shard))) {
        const [id = '', stream = ''] = name.split('.');
        if (isKnown(id)) add(id, stream);
        else await rm(join(this.#dir, shard, name), { recursive: true, force: true });
      }
    }
    return left;
  }

  /** Removes all that is left. */
  async dispose(): Promise<void> {
    this.#short.close();
    const shards = namesIn(this.#dir).map((shard) => join(this.#dir, shard));
    await Promise.all(shards.map((shard) => rm(shard, { recursive: true, force: true })));
    this.#made.clear();
  }
}

function shardOf(id: string): string {
  return id.slice(SHARD.from, SHARD.from + SHARD.length);
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return []; // gone, or no folder: the byte counts in the journal tell what that means
  }
}
