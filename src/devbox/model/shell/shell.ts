import { randomUUID } from 'node:crypto';
import { CLOSE_MESSAGES, type CloseReason } from '../devbox/close-reason.ts';
import type { IdleClock, Idler } from '../devbox/idle-clock.ts';
import type { Execution, ExecutionOwner } from '../execution/execution.ts';
import type { Observer, Transition } from '../transition.ts';
import type { AdoptedBash } from './adopt-bash.ts';
import { ShellBash } from './shell-bash.ts';
import { ShellWork } from './shell-work.ts';
import type { BashSetting } from './start-bash.ts';

export interface ShellOptions {
  readonly name: string;
  /** Of the latest command that is kept of a shell of its name; 0 when there is none. */
  readonly lastNumber: number;
  readonly setting: BashSetting;
  /** Where its bash starts, and a fresh one after it ended. */
  readonly cwd: string;
  readonly observer: Observer;
  readonly idleClock: IdleClock;
  /** Called when it has been idle for its `idleTimeoutMs`. */
  readonly onIdle: () => void;
  /** What an earlier server knew of it; unset for a new one. */
  readonly past?: ShellPast;
}

export interface ShellPast {
  readonly key: string;
  readonly createdAtMs: number;
  readonly idleTimeoutMs?: number;
}

/** A named shell: one bash, what runs and waits in it, and how long it may be idle. */
export class Shell implements ExecutionOwner, Idler {
  readonly name: string;
  readonly createdAtMs: number;
  /** It and no later one of its name; names its files, as its own name may hold anything. */
  readonly key: string;
  readonly #options: ShellOptions;
  #lastUsedAtMs = Date.now();
  #idleSinceMs = performance.now();
  #idleTimeoutMs: number | undefined;
  readonly #bash: ShellBash;
  readonly #work: ShellWork;
  #closed = false;
  #lastNumber: number;

  constructor(options: ShellOptions) {
    this.name = options.name;
    this.#options = options;
    this.#lastNumber = options.lastNumber;
    this.key = options.past?.key ?? randomUUID();
    this.createdAtMs = options.past?.createdAtMs ?? Date.now();
    this.#idleTimeoutMs = options.past?.idleTimeoutMs;
    this.#bash = new ShellBash({
      setting: options.setting,
      name: options.name,
      key: this.key,
      cwd: options.cwd,
      hadBash: options.past !== undefined,
      onOpened: ({ session }, freshShell) =>
        this.#tell({ kind: 'shell_opened', shell: this, pid: session.pid, freshShell }),
      onEnded: (session, end) => this.#work.endedWhileIdle(session, end),
    });
    this.#work = new ShellWork({
      bash: this.#bash,
      onUsed: () => this.#used(),
      onBashEnded: (message) => this.#tell({ kind: 'shell_ended', shell: this, message }),
      onCwdChanged: () => this.#tell({ kind: 'cwd_changed', shell: this }),
    });
  }

  get state(): 'idle' | 'running' | 'ended' {
    if (this.#work.isBusy) return 'running';
    return this.hasBash ? 'idle' : 'ended';
  }
  get hasBash(): boolean {
    return this.#bash.isThere;
  }
  get pid(): number | undefined {
    return this.#bash.current?.session.pid;
  }
  /** The folder of its bash. */
  get sessionName(): string | undefined {
    return this.#bash.current?.name;
  }
  /** Where it was opened, and a fresh bash starts. */
  get openedIn(): string {
    return this.#options.cwd;
  }
  /** Whether it has no bash, and the state of the one that ended can be brought back. */
  get restorable(): boolean {
    return this.#bash.snapshot.isThere && !this.hasBash;
  }
  /** Where its state is written when it is idle. */
  get stateFile(): string {
    return this.#bash.snapshot.path;
  }
  get cwd(): string {
    return this.#bash.cwd;
  }
  get lastUsedAtMs(): number {
    return this.#lastUsedAtMs;
  }
  /** The running command first, then those that wait. */
  get queue(): readonly Execution[] {
    return this.#work.all;
  }
  get idleTimeoutMs(): number | undefined {
    return this.#idleTimeoutMs;
  }
  get idleUntilMs(): number | undefined {
    const isBusy = this.state === 'running' || this.#bash.isStarting;
    return isBusy || this.#idleTimeoutMs === undefined ? undefined : this.#idleSinceMs + this.#idleTimeoutMs;
  }

  /** Of the latest command that it was sent; 0 before the first. */
  get lastNumber(): number {
    return this.#lastNumber;
  }

  /** For the next command that it is sent. */
  nextNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }

  enqueue(execution: Execution): void {
    this.#used();
    this.#work.enqueue(execution);
  }

  /**
   * Starts its bash if it has none.
   *
   * @param cwd where a bash that is started now begins
   * @param environment what it inherits, and each after it in this shell
   * @throws Error if bash could not be started
   */
  async open(cwd?: string, environment?: Readonly<Record<string, string>>): Promise<void> {
    if (cwd !== undefined) this.#bash.beginIn(cwd);
    if (environment !== undefined) this.#bash.beginWith(environment);
    this.#used();
    try {
      await this.#bash.ensure();
    } finally {
      this.#used();
    }
  }

  /**
   * Starts a fresh bash with the state that the one before had when it was last idle.
   *
   * @throws Refusal `shell_alive`, `nothing_to_restore`
   * @throws Error if bash could not be started
   */
  async restore(): Promise<void> {
    const { snapshot } = this.#bash;
    snapshot.refuseUnlessRestorable(this.name, this.hasBash);
    this.#used();
    try {
      await this.#bash.ensure(snapshot.path);
    } finally {
      this.#used();
    }
    this.#tell({ kind: 'shell_restored', shell: this });
  }

  /**
   * Takes what an earlier server has left of it. Nothing runs before `goOn`.
   *
   * @param adopted unset: it had no bash
   * @param running the command that its bash was given last, if that has not completed
   * @param waiting in order
   */
  inherit(
    adopted: AdoptedBash | undefined,
    running: Execution | undefined,
    waiting: Iterable<Execution>,
  ): void {
    this.#work.inherit(adopted, running, waiting);
  }

  /** To be called once after `inherit`. */
  goOn(): void {
    this.#work.goOn();
  }

  /** Its bash is gone and nothing can be learned of it: what waits is cancelled, as when it ends. */
  lose(message: string): void {
    this.#work.cancelAll(`the shell ended (${message}) before this command ran`);
    this.#tell({ kind: 'shell_ended', shell: this, message });
  }

  /** @param timeoutMs how long it may be idle before it is closed; unset: for ever */
  setIdleTimeout(timeoutMs: number | undefined): void {
    if (timeoutMs === this.#idleTimeoutMs) return;
    this.#idleTimeoutMs = timeoutMs;
    this.#used();
    if (timeoutMs === undefined) this.#options.idleClock.forget(this);
    this.#tell({ kind: 'idle_timeout_changed', shell: this });
  }

  expire(): void {
    this.#options.onIdle();
  }

  cancel(execution: Execution, message: string): void {
    this.#work.cancel(execution, message);
  }

  isNext(execution: Execution): boolean {
    return this.#work.isNext(execution);
  }

  /** Ends bash and its jobs; the running command ends with it, what waits is cancelled. */
  async close(reason: CloseReason): Promise<void> {
    this.#options.idleClock.forget(this);
    this.#work.close(CLOSE_MESSAGES[reason]);
    this.#tell({ kind: 'shell_closed', shell: this, reason });
    this.#closed = true;
    await this.#bash.close();
  }

  /** A shell that was closed is gone for whoever watches: another may have its name. */
  #tell(transition: Transition): void {
    if (!this.#closed) this.#options.observer.happened(transition);
  }

  #used(): void {
    this.#lastUsedAtMs = Date.now();
    this.#idleSinceMs = performance.now();
    if (this.#idleTimeoutMs !== undefined && !this.#closed) this.#options.idleClock.watch(this);
  }
}
