import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const environment = z.record(z.string(), z.string());

/**
 * The environment that a shell was given, for each bash of it: also for the one that a later server starts. It holds
 * people's secrets, so it is in a file that is its owner's alone (0600) and nowhere else.
 */
export class ShellEnvironmentFile {
  readonly #path: string;
  #given: Readonly<Record<string, string>> | undefined;

  /** @param key names it, as the shell's own name may hold anything */
  constructor(dir: string, key: string) {
    this.#path = join(dir, key);
  }

  /** What it was given, here or by an earlier server's client; undefined: nothing. */
  read(): Readonly<Record<string, string>> | undefined {
    if (this.#given !== undefined) return this.#given;
    try {
      this.#given = environment.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch {
      // None was given, or it is not whole: then the server's own is what there is.
    }
    return this.#given;
  }

  /** A disk that takes no more costs the next server's knowledge, not the shell. */
  write(given: Readonly<Record<string, string>>): void {
    this.#given = given;
    const fresh = `${this.#path}.new`;
    try {
      const fd = openSync(fresh, 'w', 0o600);
      try {
        writeSync(fd, JSON.stringify(given));
      } finally {
        closeSync(fd);
      }
      renameSync(fresh, this.#path);
    } catch {
      this.remove();
    }
  }

  remove(): void {
    rmSync(`${this.#path}.new`, { force: true });
    rmSync(this.#path, { force: true });
  }
}
