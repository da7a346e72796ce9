import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BashProgram, findBash } from '../../../src/devbox/engine/bash/find-bash.ts';
import { BashSession } from '../../../src/devbox/engine/bash-session.ts';

const ORPHAN_LIFE_MS = 60_000;

/** Sessions as the devbox has them: with a keeper, so that they outlive their server, and a snapshot when idle. */
export class Sessions {
  readonly bash: BashProgram;
  readonly folder: string;
  #count = 0;

  static async in(): Promise<Sessions> {
    return new Sessions(await findBash(process.env), await mkdtemp(join(tmpdir(), 'nsh-bench-')));
  }

  private constructor(bash: BashProgram, folder: string) {
    this.bash = bash;
    this.folder = folder;
  }

  start(): Promise<BashSession> {
    const name = `shell-${this.#count++}`;
    return BashSession.start({
      bash: this.bash,
      dir: join(this.folder, name),
      cwd: this.folder,
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: this.folder },
      orphanLifeMs: ORPHAN_LIFE_MS,
      snapshotPath: join(this.folder, `${name}.snapshot`),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Runs one command and throws its output away. */
export async function run(session: BashSession, command: string): Promise<void> {
  await session.run({ command, stdin: 'none', stdout: ignore, stderr: ignore }).outcome;
}

function ignore(): void {}
