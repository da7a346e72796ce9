import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '../refusal.ts';

/** The state that a shell's bash wrote down when it was last idle; each bash of the shell replaces that of the one before. */
export class ShellSnapshot {
  readonly path: string;
  /** Looked at when a bash ends: only then can it matter. */
  #isThere: boolean;

  /** @param key names it, as the shell's own name may hold anything */
  constructor(dir: string, key: string) {
    this.path = join(dir, key);
    this.#isThere = existsSync(this.path);
  }

  get isThere(): boolean {
    return this.#isThere;
  }

  /** A bash has ended. */
  look(): void {
    this.#isThere = existsSync(this.path);
  }

  /** @throws Refusal `shell_alive`, `nothing_to_restore` */
  refuseUnlessRestorable(shellName: string, hasBash: boolean): void {
    const name = JSON.stringify(shellName);
    if (hasBash) {
      throw new Refusal(
        409,
        'shell_alive',
        `Shell ${name} has a live bash, so there is nothing to bring back into it. End it first (exit), if its state is to go.`,
      );
    }
    if (!this.#isThere) {
      throw new Refusal(
        409,
        'nothing_to_restore',
        `Shell ${name} left no state that could be restored: it was never idle. The next command starts a fresh bash.`,
      );
    }
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }
}
