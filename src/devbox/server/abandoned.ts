import { createHash } from 'node:crypto';
import { readdirSync, readlinkSync, rmSync } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { hangUpNow } from '../engine/processes/hang-up-now.ts';
import { readProcess } from '../engine/processes/process-table.ts';
import { reapOrphans } from '../engine/reap-orphans.ts';
import { readFacts } from '../engine/session-facts.ts';
import { sessionPaths } from '../engine/session-folder.ts';
import { isOwn } from './owner.ts';
import { isServerAlive } from './server-lock.ts';

/**
 * How the temporary folders of devboxes begin that end with their process: `state` and `home` are in one. Machines and
 * containers may share a folder for what is temporary, but not their processes: each has a beginning of its own, so that
 * nobody takes another's devbox for abandoned.
 */
export const TEMPORARY_PREFIX = `nsh-devbox-${createHash('sha256').update(processSpace()).digest('hex').slice(0, 8)}-`;

function processSpace(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname(); // not Linux
  }
}

/** A folder that is younger may be one whose server has yet to take its lock, ms. */
const STARTING_MS = 60_000;

/** Ends the shells, and removes the folders, of devboxes whose process was killed. */
export async function removeAbandoned(tmp: string): Promise<void> {
  const names = (await readdir(tmp)).filter((name) => name.startsWith(TEMPORARY_PREFIX));
  for (const root of names.map((name) => join(tmp, name))) {
    const stats = await lstat(root).catch(() => undefined);
    if (!stats?.isDirectory() || !isOwn(stats.uid) || Date.now() - stats.mtimeMs < STARTING_MS) continue;
    if (await isServerAlive(join(root, 'state'))) continue;
    // Several processes may do this at once: what another has removed is not there to be read.
    await reapOrphans(join(root, 'state', 'sessions'), () => false).catch(() => undefined);
    await rm(root, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
  }
}

/** The folders of devboxes that live in this process. */
const alive = new Set<string>();

/**
 * When the process ends without having closed the devbox in this folder, its shells are hung up and the folder removed.
 *
 * @returns takes that back
 */
export function removeAtExit(root: string): () => void {
  if (alive.size === 0) process.on('exit', removeNow);
  alive.add(root);
  return () => {
    alive.delete(root);
    if (alive.size === 0) process.off('exit', removeNow);
  };
}

/** What the process does last, so nothing can be waited for in the ordinary way. */
function removeNow(): void {
  try {
    hangUpNow([...alive].flatMap((root) => bashesOf(join(root, 'state', 'sessions'))));
    for (const root of alive) rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  } catch {
    // What is left goes with the next devbox of this machine.
  }
}

/** The pids of the bashes that have their folders here. */
function bashesOf(sessions: string): number[] {
  return readdirSync(sessions).flatMap((name) => {
    try {
      const { pid, startedAt } = readFacts(sessionPaths(join(sessions, name)).facts);
      // A pid alone proves nothing.
      return readProcess(pid)?.startedAt === startedAt ? [pid] : [];
    } catch {
      return []; // it was starting: bash meets the end of its input with this process
    }
  });
}
