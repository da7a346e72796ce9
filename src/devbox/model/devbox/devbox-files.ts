import { randomUUID } from 'node:crypto';
import { constants, createWriteStream } from 'node:fs';
import { chmod, copyFile, type FileHandle, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeDirectory } from '../../../files/make-directory.ts';
import { withRemedy } from '../../engine/system-remedy.ts';
import { Refusal } from '../refusal.ts';

export interface OpenFile {
  readonly handle: FileHandle;
  /** Bytes; 0 also for what has no size of its own, such as a file of /proc. */
  readonly size: number;
}

/** What came for a file, before it is in its place. */
export interface ReceivedFile {
  /** Puts it there, with the directories above it. @throws Refusal of `DevboxFiles` */
  place(path: string): Promise<void>;
  discard(): Promise<void>;
}

/**
 * The files of a devbox, as its user may read and write them. A path is absolute, or relative to the home. A file is
 * received aside and then put in place as a whole: whoever reads the path meets the old or the new, and a transfer that
 * breaks leaves the old.
 */
export class DevboxFiles {
  readonly #home: string;
  readonly #received: string;

  /** @param received a directory for what is on its way */
  constructor(home: string, received: string) {
    this.#home = home;
    this.#received = received;
  }

  /**
   * Opens a file for reading. The caller closes it.
   *
   * @throws Refusal `path_invalid`, `file_not_found`, `file_not_allowed`, `not_a_file`, `file_failed`
   */
  async open(path: string): Promise<OpenFile> {
    const at = this.#resolve(path);
    return this.#refusing('read', at, async () => {
      // A FIFO that nobody writes would hold up the one who opens it.
      const handle = await open(at, constants.O_RDONLY | constants.O_NONBLOCK);
      const stats = await handle.stat();
      if (stats.isFile()) return { handle, size: stats.size };
      await handle.close();
      throw notAFile(at);
    });
  }

  /** @throws Refusal as `open` */
  async receive(content: Readable | string): Promise<ReceivedFile> {
    const aside = join(this.#received, randomUUID());
    await this.#refusing('written', aside, async () => {
      await mkdir(this.#received, { recursive: true, mode: 0o700 });
      const file = createWriteStream(aside, { flags: 'wx' });
      try {
        await pipeline(typeof content === 'string' ? [content] : content, file);
      } catch (error) {
        await rm(aside, { force: true });
        throw error;
      }
    });
    return {
      place: (path) => this.#place(aside, path),
      discard: () => rm(aside, { force: true }),
    };
  }

  async #place(aside: string, path: string): Promise<void> {
    const named = this.#resolve(path);
    await this.#refusing('written', named, async () => {
      await makeDirectory(dirname(named), 0o777);
      // Where a link leads is written, not the link.
      const at = await realpath(named).catch(() => named);
      const before = await stat(at).catch(() => undefined);
      if (before !== undefined && !before.isFile()) throw notAFile(at);
      if (before !== undefined) await chmod(aside, before.mode & 0o7777);
      try {
        await rename(aside, at);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
        await moveAcross(aside, at);
      }
    });
  }

  #resolve(path: string): string {
    if (path === '' || path.includes('\0')) {
      throw new Refusal(400, 'path_invalid', `The path ${JSON.stringify(path)} is empty or holds a NUL.`);
    }
    return resolve(this.#home, path);
  }

  async #refusing<Result>(what: string, at: string, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw error instanceof Refusal ? error : refusalOf(what, at, error as NodeJS.ErrnoException);
    }
  }
}

/** Another disk: it is copied beside its place first. */
async function moveAcross(from: string, to: string): Promise<void> {
  const beside = `${to}.${randomUUID()}`;
  try {
    await copyFile(from, beside, constants.COPYFILE_EXCL);
    await rename(beside, to);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  await rm(from, { force: true });
}

function notAFile(at: string): Refusal {
  return new Refusal(
    400,
    'not_a_file',
    `${at} is not a file: it is a directory, a FIFO, a device or a socket.`,
  );
}

function refusalOf(what: string, at: string, error: NodeJS.ErrnoException): Refusal {
  const why = `${at} cannot be ${what}: ${withRemedy(error, 'try again')}.`;
  switch (error.code) {
    case 'ENOENT':
      if (what === 'read') return new Refusal(404, 'file_not_found', `There is no file ${at}.`);
      return new Refusal(400, 'path_invalid', why);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new Refusal(403, 'file_not_allowed', why);
    case 'EISDIR':
    case 'ENXIO':
      return notAFile(at);
    case 'ENOTDIR':
    case 'EEXIST':
    case 'ELOOP':
    case 'ENAMETOOLONG':
      return new Refusal(400, 'path_invalid', why);
    default:
      return new Refusal(500, 'file_failed', why);
  }
}
