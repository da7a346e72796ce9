import { chmod, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory } from '../../files/make-directory.ts';
import { Spill } from './spill.ts';

export interface SpillDirectoryOptions {
  /** Made with mode 0700 when it is not there. Several REPLs may share it. */
  readonly dir: string;
  /** Bytes kept per execution. Default 256 MiB. */
  readonly maxBytesEach?: number;
  /** Bytes of all files together; the oldest go first, those being written never. Default 1 GiB. */
  readonly maxBytesTotal?: number;
  /** Told once that output is not kept, or that old files cannot be removed; `cutBytes` tells it of each file. */
  readonly onProblem: (message: string) => void;
}

const SUFFIX = '.out';

/** The spill files of this and earlier sessions, bounded together. */
export class SpillDirectory {
  readonly #options: SpillDirectoryOptions;
  readonly #maxBytesTotal: number;
  readonly #open = new Map<string, Spill>();
  /** Bytes of all files as far as known: counted once, then kept by what is written and removed. */
  #total = 0;
  /** The total from which on it is worth looking for files to remove. */
  #trimAt: number;
  #opened = 0;
  #reported = false;
  #ready: Promise<void> | undefined;
  #trimming: Promise<void> = Promise.resolve();

  constructor(options: SpillDirectoryOptions) {
    this.#options = options;
    this.#maxBytesTotal = options.maxBytesTotal ?? 1024 * 1024 * 1024;
    this.#trimAt = this.#maxBytesTotal;
  }

  /**
   * Starts the file of an execution. Nothing is on the disk before its first output.
   *
   * @param name the execution's id; characters that are not safe in a file name are replaced.
   */
  open(name: string): Spill {
    const safeName = name.replace(/[^\w-]/g, '_').slice(0, 100);
    // The same execution may be watched by two REPLs, and twice in one.
    const path = join(this.#options.dir, `${safeName}-${process.pid}-${++this.#opened}${SUFFIX}`);
    const spill = new Spill({
      path,
      maxBytes: this.#options.maxBytesEach ?? 256 * 1024 * 1024,
      onOpen: () => this.#prepare(),
      onWritten: (bytes) => this.#written(bytes),
      onClosed: () => this.#open.delete(path),
      onProblem: (message) => this.#report(message),
    });
    this.#open.set(path, spill);
    return spill;
  }

  /** Closes every file that is still open. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((spill) => spill.close()));
  }

  #report(message: string): void {
    if (this.#reported) return;
    this.#reported = true;
    this.#options.onProblem(message);
  }

  async #prepare(): Promise<void> {
    this.#ready ??= this.#countFiles();
    try {
      await this.#ready;
    } catch (error) {
      // The next execution tries anew.
      this.#ready = undefined;
      throw error;
    }
  }

  async #countFiles(): Promise<void> {
    await makeDirectory(this.#options.dir, 0o700);
    await chmod(this.#options.dir, 0o700);
    for (const file of await this.#files()) this.#total += file.size;
  }

  async #written(bytes: number): Promise<void> {
    this.#total += bytes;
    if (this.#total <= this.#trimAt) return;
    this.#trimming = this.#trimming.then(() => this.#trim());
    await this.#trimming;
  }

  async #trim(): Promise<void> {
    try {
      const files = await this.#files();
      this.#total = files.reduce((sum, file) => sum + file.size, 0);
      files.sort((a, b) => a.modified - b.modified);
      for (const file of files) {
        if (this.#total <= this.#maxBytesTotal) break;
        if (this.#open.has(file.path)) continue;
        await rm(file.path, { force: true });
        this.#total -= file.size;
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#report(`Old output in ${this.#options.dir} cannot be removed: ${reason}.`);
    }
    // When the files being written are over the bound by themselves, a look at every batch would find nothing.
    this.#trimAt = Math.max(this.#maxBytesTotal, this.#total + this.#maxBytesTotal / 16);
  }

  async #files(): Promise<{ path: string; size: number; modified: number }[]> {
    const names = (await readdir(this.#options.dir)).filter((name) => name.endsWith(SUFFIX));
    const files = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#options.dir, name);
        // Another REPL may have removed it in between.
        const info = await stat(path).catch(() => undefined);
        return info && { path, size: info.size, modified: info.mtimeMs };
      }),
    );
    return files.filter((file) => file !== undefined);
  }
}
