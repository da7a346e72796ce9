import { dirname, join } from 'node:path';
import { makeDirectory } from '../../../files/make-directory.ts';
import { openPrivate } from '../../../files/open-private.ts';
import { encodeFileName } from './history-file-name.ts';
import { encodeRecord, type HistoryEntry } from './history-file-records.ts';
import { readNewest, removeSegments, rotate } from './history-file-segments.ts';

export interface HistoryFileOptions {
  /** Of `historyPath`. */
  readonly path: string;
  /** Bytes from which on the file is set aside as a segment when it is loaded. Default 4 MiB. */
  readonly maxBytes?: number;
}

/** How many entries are wanted, the newest. With `keep`, files that only hold older ones are removed. */
export type LoadCount = { readonly newest: number } | { readonly keep: number };

/**
 * The history of one shell, kept across sessions. Several REPLs may use it at once: an entry is one write at the
 * file's end, and nothing that is there is ever rewritten.
 *
 * Nothing here throws, because a history that cannot be kept must not stop a line from being run. What goes wrong
 * is returned as a sentence for people, the first time only.
 */
export interface HistoryFile {
  readonly path: string;
  /**
   * The entries, oldest first, equal commands in a row as one. Reads no more of the file than it takes, from its end.
   */
  load(count: LoadCount): Promise<{ entries: HistoryEntry[]; problem?: string }>;
  /**
   * Adds entries, in one write; appends of one REPL keep their order. Appended again with the same `t` and `cmd` once its exit
   * status is known, an entry is completed. Commands with a leading space and blank ones are not kept.
   *
   * @returns the problem, the first time that there is one.
   */
  append(...entries: readonly HistoryEntry[]): Promise<string | undefined>;
  /** Resolves when every append so far is done. */
  settled(): Promise<void>;
}

/** `<stateDir>/history/<devbox>/<shell>.jsonl`, for any names. */
export function historyPath(stateDir: string, devbox: string, shell: string): string {
  return join(stateDir, 'history', encodeFileName(devbox), `${encodeFileName(shell)}.jsonl`);
}

export function openHistoryFile(options: HistoryFileOptions): HistoryFile {
  const { path, maxBytes = 4 * 1024 * 1024 } = options;
  let reported = false;
  let tail: Promise<string | undefined> = Promise.resolve(undefined);

  function problem(verb: string, error: unknown): string | undefined {
    if (reported) return undefined;
    reported = true;
    const reason = error instanceof Error ? error.message : String(error);
    return `The history of this shell cannot be ${verb} (${path}): ${reason}. Lines run as ever; make the file accessible to keep them.`;
  }

  async function write(record: string): Promise<string | undefined> {
    try {
      const bytes = Buffer.from(record);
      await appendRecord(path, bytes).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        await makeDirectory(dirname(path), 0o700);
        await appendRecord(path, bytes);
      });
      return undefined;
    } catch (error) {
      return problem('written', error);
    }
  }

  return {
    path,
    async load(count) {
      const keeps = 'keep' in count;
      try {
        if (keeps) await rotate(path, maxBytes);
        const { entries, surplus } = await readNewest(path, keeps ? count.keep : count.newest);
        if (keeps) await removeSegments(surplus);
        return { entries };
      } catch (error) {
        const text = problem('read', error);
        return { entries: [], ...(text === undefined ? {} : { problem: text }) };
      }
    },
    append(...entries) {
      const kept = entries.filter(({ cmd }) => !cmd.startsWith(' ') && cmd.trim() !== '');
      if (kept.length === 0) return Promise.resolve(undefined);
      tail = tail.then(() => write(kept.map(encodeRecord).join('')));
      return tail;
    },
    async settled() {
      await tail;
    },
  };
}

/**
 * One write for the whole record: the kernel puts writes to a file opened for appending one after the other. A
 * file that ends in the middle of a line, as a full disk leaves it, gets a newline first, so that only the torn
 * record is lost.
 */
async function appendRecord(path: string, record: Buffer): Promise<void> {
  const file = await openPrivate(path);
  try {
    const { size } = await file.stat();
    const end = size > 0 ? await file.read(Buffer.alloc(1), 0, 1, size - 1) : undefined;
    const torn = end !== undefined && end.bytesRead === 1 && end.buffer[0] !== 0x0a;
    const bytes = torn ? Buffer.concat([Buffer.from('\n'), record]) : record;
    const { bytesWritten } = await file.write(bytes);
    if (bytesWritten < bytes.length) {
      throw new Error(`only ${bytesWritten} of ${bytes.length} bytes were written; is the disk full?`);
    }
  } finally {
    await file.close();
  }
}
