import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type BashProgram, findBash } from '../../../src/devbox/engine/bash/find-bash.ts';
import {
  BashSession,
  type BashSessionOptions,
  type Outcome,
  type RunningCommand,
  type RunRequest,
} from '../../../src/devbox/engine/bash-session.ts';
import { listProcesses } from '../../../src/devbox/engine/processes/process-table.ts';

/** The machine's bash, and those whose folders are named in NSH_TEST_BASHES (separated by colons). */
export const bashes: BashProgram[] = await Promise.all(
  ['', ...(process.env.NSH_TEST_BASHES ?? '').split(':').filter(Boolean)].map((folder) =>
    findBash({ PATH: folder || process.env.PATH }),
  ),
);

export const machineBash = bashes[0] as BashProgram;

export function label(bash: BashProgram): string {
  return `${basename(bash.path)} ${bash.version}`;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nsh-engine-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A command and what it has written so far. */
export class ObservedCommand {
  readonly running: RunningCommand;
  readonly #chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[], late: [] as Buffer[] };
  #waiting: { text: string; where: 'stdout' | 'stderr' | 'late'; resolve: () => void }[] = [];

  constructor(session: BashSession, command: string, stdin: RunRequest['stdin']) {
    this.running = session.run({
      command,
      stdin,
      stdout: (chunk) => this.#take('stdout', chunk),
      stderr: (chunk) => this.#take('stderr', chunk),
      late: (_stream, chunk) => this.#take('late', chunk),
    });
  }

  get outcome(): Promise<Outcome> {
    return this.running.outcome;
  }

  bytes(where: 'stdout' | 'stderr' | 'late'): Buffer {
    return Buffer.concat(this.#chunks[where]);
  }

  get stdout(): string {
    return this.bytes('stdout').toString();
  }

  get stderr(): string {
    return this.bytes('stderr').toString();
  }

  get late(): string {
    return this.bytes('late').toString();
  }

  /** Resolves when the stream holds `text`. */
  seen(text: string, where: 'stdout' | 'stderr' | 'late' = 'stdout'): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ text, where, resolve });
      this.#check();
    });
  }

  #take(where: 'stdout' | 'stderr' | 'late', chunk: Uint8Array): void {
    this.#chunks[where].push(Buffer.from(chunk));
    if (this.#waiting.length > 0) this.#check();
  }

  #check(): void {
    this.#waiting = this.#waiting.filter(({ text, where, resolve }) => {
      if (!this.bytes(where).includes(text)) return true;
      resolve();
      return false;
    });
  }
}

export class TestShell {
  readonly session: BashSession;
  readonly folder: string;

  constructor(session: BashSession, folder: string) {
    this.session = session;
    this.folder = folder;
  }

  launch(command: string, stdin: RunRequest['stdin'] = 'none'): ObservedCommand {
    return new ObservedCommand(this.session, command, stdin);
  }

  async run(command: string): Promise<ObservedCommand & { status: number; result: Outcome }> {
    const observed = this.launch(command);
    const result = await observed.outcome;
    return Object.assign(observed, { status: result.exitStatus, result });
  }

  /** A background job that must survive; resolves to its pid. */
  async background(): Promise<number> {
    const { stdout } = await this.run('sleep 1000 & echo $!');
    return Number(stdout);
  }
}

/** A shell in a folder of its own; both are gone after the test. */
export async function startShell(options: Partial<BashSessionOptions> = {}): Promise<TestShell> {
  const folder = temporaryFolder();
  const session = await BashSession.start({
    bash: machineBash,
    dir: join(folder, 'shell'),
    cwd: folder,
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: folder },
    orphanLifeMs: 60_000,
    ...options,
  });
  onTestFinished(() => session.close());
  return new TestShell(session, folder);
}

export async function isAlive(pid: number): Promise<boolean> {
  // A zombie is not: who ought to reap it is not this test's concern.
  return (await listProcesses()).some((row) => row.pid === pid && row.state !== 'Z');
}
