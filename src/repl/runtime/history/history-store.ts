import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { PastCommand, Place } from '../../editor/past-command.ts';
import type { Remembered } from '../../state/effect.ts';
import { type HistoryFile, historyPath, type LoadCount, openHistoryFile } from './history-file.ts';
import { decodeFileName } from './history-file-name.ts';
import type { HistoryEntry } from './history-file-records.ts';
import { historyFilesIn } from './history-file-segments.ts';

/** Enough for Up and the first suggestions; the rest is read when it is asked for. */
const NEWEST = 500;

export interface ReadHistory {
  /** Oldest first. */
  readonly commands: readonly PastCommand[];
  /** What is wrong, for people; told once. */
  readonly problem: string | undefined;
}

/** The histories of all shells on this machine's disk. Its errors are values: a full disk must not stop typing. */
export interface HistoryStore {
  /** The devbox that the shells below are of. */
  readonly devbox: string;
  /** The newest commands of a shell: a few ms, however long its history is. */
  newest(shell: string): Promise<ReadHistory>;
  /**
   * All of this shell's, then of others', the last used first: the newest `most` of each, and so many together. In memory
   * about 500 bytes each. Of this shell's no more are kept on the disk.
   */
  all(shell: string, most: number): Promise<ReadHistory>;
  /** Gives the problem, if there is one to tell. */
  append(shell: string, lines: readonly Remembered[]): Promise<string | undefined>;
  /** Resolves when every append so far is on disk. */
  settled(): Promise<void>;
}

export function openHistoryStore(stateDir: string, devbox: string): HistoryStore {
  const files = new Map<string, HistoryFile>();
  const fileOf = (shell: string) => {
    const file = files.get(shell) ?? openHistoryFile({ path: historyPath(stateDir, devbox, shell) });
    files.set(shell, file);
    return file;
  };

  async function read(file: HistoryFile, place: Place, count: LoadCount): Promise<ReadHistory> {
    const { entries, problem } = await file.load(count);
    return { commands: entries.map((entry) => pastCommand(entry, place)), problem };
  }

  return {
    devbox,
    newest: (shell) => read(fileOf(shell), { devbox, shell }, { newest: NEWEST }),
    async all(shell, most) {
      const own = await read(fileOf(shell), { devbox, shell }, { keep: most });
      const lists = [own.commands];
      let { problem } = own;
      let count = own.commands.length;
      try {
        for (const path of await othersThan(historyPath(stateDir, devbox, shell))) {
          if (count >= most) break;
          const other = await read(openHistoryFile({ path }), placeOf(path), { newest: most - count });
          lists.push(other.commands);
          count += other.commands.length;
          problem ??= other.problem;
        }
      } catch (error) {
        problem ??= `The histories of other shells cannot be read: ${(error as Error).message}.`;
      }
      return { commands: await mergedByTime(lists), problem };
    },
    append: (shell, lines) => fileOf(shell).append(...lines.map(entryOf)),
    settled: async () => {
      await Promise.all([...files.values()].map((file) => file.settled()));
    },
  };
}

function entryOf({ command, typedAt, cwd, exitStatus, executionId, elsewhere }: Remembered): HistoryEntry {
  return {
    t: typedAt,
    cmd: command,
    ...(cwd === undefined ? {} : { cwd }),
    ...(exitStatus === undefined ? {} : { exit: exitStatus }),
    ...(executionId === undefined ? {} : { id: executionId }),
    ...(elsewhere === undefined ? {} : { elsewhere }),
  };
}

/** The histories of the other shells of all devboxes, the last used first. */
async function othersThan(own: string): Promise<string[]> {
  const root = dirname(dirname(own));
  const entries = await readdir(root, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return [];
  });
  const folders = entries.filter((entry) => entry.isDirectory());
  const paths = (await Promise.all(folders.map(({ name }) => historyFilesIn(join(root, name))))).flat();
  const used = await Promise.all(
    paths
      .filter((path) => path !== own)
      .map(async (path) => ({ path, at: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 })),
  );
  return used.sort((a, b) => b.at - a.at).map(({ path }) => path);
}

/** Two at a time, each time in a turn of its own: sorting 100,000 at once would hold up a key. */
async function mergedByTime(lists: readonly (readonly PastCommand[])[]): Promise<readonly PastCommand[]> {
  const waiting = [...lists];
  for (;;) {
    const [one = [], other] = waiting.splice(0, 2);
    if (other === undefined) return one;
    waiting.push(merged(one, other));
    await setImmediate();
  }
}

function merged(one: readonly PastCommand[], other: readonly PastCommand[]): PastCommand[] {
  const all: PastCommand[] = [];
  let next = 0;
  for (const past of one) {
    for (let earlier = other[next]; earlier !== undefined && earlier.at < past.at; earlier = other[next]) {
      all.push(earlier);
      next += 1;
    }
    all.push(past);
  }
  for (const later of other.slice(next)) all.push(later);
  return all;
}

function placeOf(path: string): Place {
  return {
    devbox: decodeFileName(basename(dirname(path))),
    shell: decodeFileName(basename(path, '.jsonl')),
  };
}

function pastCommand({ t, cmd, cwd, exit, id, elsewhere }: HistoryEntry, place: Place): PastCommand {
  return {
    command: cmd,
    at: t,
    devbox: place.devbox,
    shell: place.shell,
    ...(cwd === undefined ? {} : { cwd }),
    ...(exit === undefined ? {} : { exitStatus: exit }),
    ...(id === undefined ? {} : { executionId: id }),
    ...(elsewhere === undefined ? {} : { elsewhere }),
  };
}
