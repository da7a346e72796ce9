import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { identify, isAlive } from './process-identity.ts';

const lockRecord = z.object({
  pid: z.number(),
  startedAt: z.string(),
  /** What its holder serves, for the message of whoever finds it taken. */
  what: z.string(),
  released: z.boolean(),
});
export type LockHolder = z.infer<typeof lockRecord>;

export class LockTakenError extends Error {
  readonly holder: LockHolder;

  constructor(holder: LockHolder) {
    super(`Process ${holder.pid} holds it: ${holder.what}.`);
    this.name = 'LockTakenError';
    this.holder = holder;
  }
}

export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes the lock `name` in a private directory; a process that died leaves it free.
 *
 * A lock is a file `name.N`, made whole by `link`, and the highest N counts. Taking it over means making N+1, which
 * only one of several can; a file is never replaced by another process, and the highest is never removed, so nobody can
 * remove a lock that was taken since it was read. Whoever was overtaken while making its own finds a higher one.
 *
 * @throws LockTakenError if a live process holds it
 */
export async function takeLock(dir: string, name: string, what: string): Promise<Lock> {
  const self = await identify(process.pid);
  if (self === undefined)
    throw new Error(`This process (${process.pid}) cannot be found in the process table.`);
  const record: LockHolder = { ...self, what, released: false };
  for (;;) {
    const number = (await findHighest(dir, name)) + 1;
    const holder = await holderOf(join(dir, `${name}.${number - 1}`));
    if (holder !== undefined) throw new LockTakenError(holder);
    if (!(await make(dir, name, number, record))) continue;
    if ((await findHighest(dir, name)) > number) {
      await rm(join(dir, `${name}.${number}`), { force: true });
      continue;
    }
    await removeBelow(dir, name, number);
    return { release: () => write(join(dir, `${name}.${number}`), { ...record, released: true }) };
  }
}

/** The live process that holds the lock, or undefined; also in a directory that is not there or cannot be read. */
export async function lockHolder(dir: string, name: string): Promise<LockHolder | undefined> {
  try {
    return await holderOf(join(dir, `${name}.${await findHighest(dir, name)}`));
  } catch {
    return undefined; // nobody has taken it there; who wants to will be told what is wrong
  }
}

async function findHighest(dir: string, name: string): Promise<number> {
  return Math.max(0, ...(await numbers(dir, name)));
}

async function numbers(dir: string, name: string): Promise<number[]> {
  const found = (await readdir(dir)).filter((entry) => entry.startsWith(`${name}.`));
  return found.map((entry) => Number(entry.slice(name.length + 1))).filter(Number.isSafeInteger);
}

/** @returns undefined when it is free; also for a file that is gone or not whole, which no live process has */
async function holderOf(path: string): Promise<LockHolder | undefined> {
  let holder: LockHolder;
  try {
    holder = lockRecord.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
  return !holder.released && (await isAlive(holder)) ? holder : undefined;
}

/** @returns false if another made it first */
async function make(dir: string, name: string, number: number, record: LockHolder): Promise<boolean> {
  const draft = join(dir, `.${name}-${randomUUID()}`);
  try {
    await writeFile(draft, JSON.stringify(record), { mode: 0o600 });
    await link(draft, join(dir, `${name}.${number}`));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function write(path: string, record: LockHolder): Promise<void> {
  await writeFile(`${path}-new`, JSON.stringify(record), { mode: 0o600 });
  await rename(`${path}-new`, path);
}

async function removeBelow(dir: string, name: string, number: number): Promise<void> {
  const lower = (await numbers(dir, name)).filter((found) => found < number);
  await Promise.all(lower.map((found) => rm(join(dir, `${name}.${found}`), { force: true })));
}
