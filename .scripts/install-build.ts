import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** How long a chunk stays that a newer build has replaced, ms: a server that runs may load it yet. */
const KEPT_MS = 14 * 24 * 60 * 60 * 1000;
const CHUNKS = 'chunks';
/** Names the replaced chunks, so that `npm pack` leaves them out. */
const IGNORE_FILE = '.npmignore';

interface BuiltFile {
  /** Absolute. */
  readonly path: string;
  readonly contents: Uint8Array;
}

/**
 * Puts a build in the place of the one before. Programs that run keep what they may load later: chunks are named by
 * their content, and those of earlier builds stay for 14 days after they were replaced.
 *
 * @param dist the folder of the build
 * @param files all of the build; chunks are in `chunks/`
 */
export async function installBuild(dist: string, files: readonly BuiltFile[]): Promise<void> {
  await mkdir(path.join(dist, CHUNKS), { recursive: true });
  const isChunk = (file: BuiltFile) => path.basename(path.dirname(file.path)) === CHUNKS;
  // Who reads an entry must find its chunks.
  await Promise.all(files.filter(isChunk).map(put));
  for (const file of files) if (!isChunk(file)) await put(file);
  await retire(dist, new Set(files.filter(isChunk).map((file) => path.basename(file.path))));
}

/** Whole or not at all: a program may be starting from it. */
async function put({ path: name, contents }: BuiltFile): Promise<void> {
  const half = `${name}.${process.pid}.tmp`;
  await writeFile(half, contents, { mode: path.basename(name) === 'cli.js' ? 0o755 : 0o644 });
  await rename(half, name);
}

/** A chunk's modification time becomes the moment at which it was replaced: from then on its days are counted. */
async function retire(dist: string, current: ReadonlySet<string>): Promise<void> {
  const ignoreFile = path.join(dist, IGNORE_FILE);
  const retired = new Set((await readFile(ignoreFile, 'utf8').catch(() => '')).split('\n'));
  const kept: string[] = [];
  const now = Date.now();
  for (const name of await readdir(path.join(dist, CHUNKS))) {
    if (current.has(name)) continue;
    const chunk = path.join(dist, CHUNKS, name);
    const pattern = `/${CHUNKS}/${name}`;
    if (!retired.has(pattern)) await utimes(chunk, now / 1000, now / 1000);
    else if (now - (await stat(chunk)).mtimeMs > KEPT_MS) {
      await rm(chunk);
      continue;
    }
    kept.push(pattern);
  }
  await writeFile(ignoreFile, kept.map((line) => `${line}\n`).join(''));
}
