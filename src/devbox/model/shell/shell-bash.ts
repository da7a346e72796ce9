import { randomUUID } from 'node:crypto';
import type { BashSession, ShellEnd } from '../../engine/bash-session.ts';
import type { LiveBash } from '../execution/run-execution.ts';
import type { AdoptedBash } from './adopt-bash.ts';
import { ShellEnvironmentFile } from './shell-environment-file.ts';
import { ShellSnapshot } from './shell-snapshot.ts';
import { type BashSetting, startBash } from './start-bash.ts';

export interface ShellBashOptions {
  readonly setting: BashSetting;
  /** Of the shell. */
  readonly name: string;
  /** Names the snapshot of the shell's state, and its environment. */
  readonly key: string;
  /** Where a bash starts, and a fresh one after it ended. */
  readonly cwd: string;
  /** Whether the shell had one before: the next is a fresh one then. */
  readonly hadBash: boolean;
  /** Called when one has started. */
  readonly onOpened: (bash: Bash, freshShell: boolean) => void;
  /** Called when one has ended, whether a command ran in it or not. It is there until `lose`. */
  readonly onEnded: (session: BashSession, end: ShellEnd) => void;
}

export interface Bash extends LiveBash {
  /** Of its folder. */
  readonly name: string;
  readonly end: AbortController;
}

/**
 * The bash of one shell: none, one that is starting, or one that lives. Never two; whoever needs one while it starts gets
 * that one. After an end the next begins where the shell was opened.
 */
export class ShellBash {
  readonly snapshot: ShellSnapshot;
  readonly #environment: ShellEnvironmentFile;
  readonly #options: ShellBashOptions;
  #current: Bash | undefined;
  #starting: Promise<Bash> | undefined;
  #hadBash: boolean;
  #cwd: string;

  constructor(options: ShellBashOptions) {
    this.#options = options;
    this.#cwd = options.cwd;
    this.#hadBash = options.hadBash;
    this.snapshot = new ShellSnapshot(options.setting.snapshotsDir, options.key);
    this.#environment = new ShellEnvironmentFile(options.setting.environmentsDir, options.key);
  }

  /** The one that lives. */
  get current(): Bash | undefined {
    return this.#current;
  }
  get isStarting(): boolean {
    return this.#starting !== undefined;
  }
  /** Whether one lives or is starting. */
  get isThere(): boolean {
    return this.#current !== undefined || this.isStarting;
  }
  get cwd(): string {
    return this.#current?.session.cwd ?? this.#cwd;
  }

  /** Where one that is started next begins; nothing for one that lives. */
  beginIn(cwd: string): void {
    if (this.#current === undefined) this.#cwd = cwd;
  }

  /** What one that is started next inherits, and each after it; nothing for one that lives or is starting. */
  beginWith(environment: Readonly<Record<string, string>>): void {
    if (!this.isThere) this.#environment.write(environment);
  }

  /**
   * The one that lives, or that is started now.
   *
   * @param restoreFrom a state to begin with
   * @throws Error if bash could not be started
   */
  ensure(restoreFrom?: string): Promise<Bash> {
    if (this.#current !== undefined) return Promise.resolve(this.#current);
    this.#starting ??= this.#start(restoreFrom).finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  /** Takes over the one that an earlier server has left. */
  adopt(adopted: AdoptedBash): Bash {
    return this.#hold({ ...adopted, fresh: false, life: adopted.end.signal });
  }

  /** It has run a command: it is no fresh one to the next. */
  hasRun(bash: Bash): void {
    if (bash.fresh && this.#current?.session === bash.session) this.#current = { ...bash, fresh: false };
  }

  /** @returns whether it was there: its end is taken note of once */
  lose(session: BashSession): boolean {
    const bash = this.#current;
    if (bash?.session !== session) return false;
    this.#current = undefined;
    this.#cwd = this.#options.cwd;
    this.snapshot.look();
    bash.end.abort();
    return true;
  }

  /** Ends it and its jobs, also one that is starting, and forgets its state. */
  async close(): Promise<void> {
    const bash = this.#current ?? (await this.#starting?.catch(() => undefined));
    await bash?.session.close();
    await this.snapshot.remove();
    this.#environment.remove();
  }

  async #start(restoreFrom: string | undefined): Promise<Bash> {
    const name = randomUUID();
    const { setting, name: shellName, key } = this.#options;
    const session = await startBash(setting, {
      name,
      cwd: this.#cwd,
      environment: this.#environment.read(),
      shell: { name: shellName, key },
      snapshotPath: this.snapshot.path,
      ...(restoreFrom === undefined ? {} : { restoreFrom }),
    });
    const freshShell = this.#hadBash;
    const end = new AbortController();
    // With its state brought back it is no fresh one to the commands.
    const fresh = freshShell && restoreFrom === undefined;
    const bash = this.#hold({ name, session, fresh, life: end.signal, end });
    this.#options.onOpened(bash, freshShell);
    return bash;
  }

  #hold(bash: Bash): Bash {
    this.#current = bash;
    this.#hadBash = true;
    void bash.session.ended.then((end) => this.#options.onEnded(bash.session, end));
    return bash;
  }
}
