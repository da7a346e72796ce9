import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isSameProcess } from './bash/bash-life.ts';
import { Keeper } from './keeper/keeper.ts';
import { hangUp } from './processes/hang-up.ts';
import { readFacts, type SessionFacts } from './session-facts.ts';
import { removeSessionFolder, sessionPaths } from './session-folder.ts';

/**
 * Ends the sessions that dead servers have left in `rootDir` and removes their folders: bash with its jobs, as a closed
 * terminal would, and the keeper. A pid alone proves nothing: bash is ended only where its starting time is the one that
 * was noted. Where bash has ended by itself, its background jobs are left alone.
 *
 * @param keep tells the folders of sessions that this server has adopted, or has itself. Default: those whose bash lives.
 * @returns the folders that were removed.
 * @throws Error when `rootDir` or the process table cannot be read.
 */
export async function reapOrphans(rootDir: string, keep?: (dir: string) => boolean): Promise<string[]> {
  const entries = await readdir(rootDir, { withFileTypes: true });
  const dirs = entries.filter((entry) => entry.isDirectory()).map((entry) => join(rootDir, entry.name));
  const reaped = await Promise.all(
    dirs.map(async (dir) => {
      if (keep?.(dir)) return [];
      const facts = factsOf(dir);
      const lives = facts !== undefined && (await isSameProcess(facts.pid, facts.startedAt));
      if (lives && !keep) return [];
      if (lives) await hangUpBash(facts);
      // Without facts (the server died while the shell was starting), bash meets the end of its input with the keeper's end.
      Keeper.find(dir)?.quit();
      await removeSessionFolder(dir);
      return dir;
    }),
  );
  return reaped.flat();
}

async function hangUpBash({ pid, startedAt }: SessionFacts): Promise<void> {
  let ended = false;
  const look = async () => {
    ended ||= !(await isSameProcess(pid, startedAt));
  };
  const looking = setInterval(() => void look(), 20);
  try {
    await hangUp(pid, () => ended);
  } finally {
    clearInterval(looking);
  }
}

function factsOf(dir: string): SessionFacts | undefined {
  try {
    return readFacts(sessionPaths(dir).facts);
  } catch {
    return undefined; // none, or none whole: then nothing of it can be found but by its folder
  }
}
