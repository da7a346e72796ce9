import { randomUUID } from 'node:crypto';
import type { BashSession, Outcome, ShellEnd } from '../engine/bash-session.ts';
import type { AdoptedBash } from './adopt-bash.ts';
import { CommandQueue } from './command-queue.ts';
import { CANCELLED_EXIT_STATUS, type Execution, type ExecutionOwner } from './execution.ts';
import type { IdleClock, Idler } from './idle-clock.ts';
import { completeWith, type LiveBash, runExecution } from './run-execution.ts';
import { ShellSnapshot } from './shell-snapshot.ts';
import { type BashSetting, startBash } from './start-bash.ts';
import type { CloseReason, Observer, Transition } from './transition.ts';

/** The exit status of a command whose bash could not be started: a shell's own word for "cannot be run". */
export const NOT_STARTED_EXIT_STATUS = 126;

export interface ShellOptions {
  readonly name: string;
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

interface Bash extends LiveBash {
  /** Of its folder. */
  readonly name: string;
  readonly end: AbortController;
}

/**
 * A named shell: one bash and a strictly sequential queue before it.
 *
 * Invariants: at most one command runs; commands run in the order of `enqueue`; when bash ends, everything that waits
 * is cancelled (it was meant for the directory and variables that are gone) and the next command gets a fresh bash.
 */
export class Shell implements ExecutionOwner, Idler {
  readonly name: string;
  readonly createdAtMs: number;
  /** Names its snapshot, as its own name may hold anything. */
  readonly key: string;
  readonly #options: ShellOptions;
  readonly #queue = new CommandQueue<Execution>();
  #cwd: string;
  #lastUsedAtMs = Date.now();
  #idleSinceMs = performance.now();
  #idleTimeoutMs: number | undefined;
  #running: Execution | undefined;
  #bash: Bash | undefined;
  #starting: Promise<Bash> | undefined;
  #hadBash: boolean;
  readonly #snapshot: ShellSnapshot;
  #working = false;
  #closed = false;
  #goOn: (() => Promise<void>) | undefined;

  constructor(options: ShellOptions) {
    this.name = options.name;
    this.#options = options;
    this.#cwd = options.cwd;
    this.key = options.past?.key ?? randomUUID();
    this.createdAtMs = options.past?.createdAtMs ?? Date.now();
    this.#idleTimeoutMs = options.past?.idleTimeoutMs;
    this.#hadBash = options.past !== undefined;
    this.#snapshot = new ShellSnapshot(options.setting.snapshotsDir, this.key);
  }

  get state(): 'idle' | 'running' | 'ended' {
    if (this.#running !== undefined || this.#queue.size > 0) return 'running';
    return this.hasBash ? 'idle' : 'ended';
  }
  get hasBash(): boolean {
    return this.#bash !== undefined || this.#starting !== undefined;
  }
  get pid(): number | undefined {
    return this.#bash?.session.pid;
  }
  /** The folder of its bash. */
  get sessionName(): string | undefined {
    return this.#bash?.name;
  }
  /** Where it was opened, and a fresh bash starts. */
  get openedIn(): string {
    return this.#options.cwd;
  }
  /** Whether it has no bash, and the state of the one that ended can be brought back. */
  get restorable(): boolean {
    return this.#snapshot.isThere && !this.hasBash;
  }
  get cwd(): string {
    return this.#bash?.session.cwd ?? this.#cwd;
  }
  get lastUsedAtMs(): number {
    return this.#lastUsedAtMs;
  }
  /** The running command first, then those that wait. */
  get queue(): readonly Execution[] {
    return this.#running === undefined ? [...this.#queue] : [this.#running, ...this.#queue];
  }
  get idleTimeoutMs(): number | undefined {
    return this.#idleTimeoutMs;
  }
  get idleUntilMs(): number | undefined {
    const isBusy = this.state === 'running' || this.#starting !== undefined;
    return isBusy || this.#idleTimeoutMs === undefined ? undefined : this.#idleSinceMs + this.#idleTimeoutMs;
  }

  enqueue(execution: Execution): void {
    this.#used();
    this.#queue.push(execution);
    execution.queued();
    if (!this.#working) void this.#work();
  }

  /**
   * Starts its bash if it has none.
   *
   * @param cwd where a bash that is started now begins
   * @throws Error if bash could not be started
   */
  async open(cwd?: string): Promise<void> {
    if (this.#bash === undefined && cwd !== undefined) this.#cwd = cwd;
    this.#used();
    try {
      await this.#ensureBash();
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
    this.#snapshot.refuseUnlessRestorable(this.name, this.hasBash);
    this.#used();
    try {
      await this.#ensureBash(this.#snapshot.path);
    } finally {
      this.#used();
    }
    this.#tell({ kind: 'shell_restored', shell: this });
  }

  /**
   * Takes what an earlier server has left of it. Nothing runs before `goOn`.
   *
   * @param bash unset: it had none
   * @param running the command that its bash was given last, if that has not completed
   * @param waiting in order
   */
  inherit(bash: AdoptedBash | undefined, running: Execution | undefined, waiting: Iterable<Execution>): void {
    for (const execution of waiting) this.#queue.push(execution);
    this.#working = true;
    this.#running = running;
    if (bash !== undefined) this.#hold({ ...bash, fresh: false, life: bash.end.signal });
    this.#goOn = async () => {
      const last = bash?.last?.command.outcome;
      if (bash !== undefined && running !== undefined && last !== undefined) {
        await this.#follow({ ...bash, fresh: false, life: bash.end.signal }, running, () => last);
      }
      // It is busy until the last command's end is told, even of one that is known to have completed.
      await last;
      if (bash?.alive === false) await bash.session.ended;
      await this.#work();
    };
  }

  /** To be called once after `inherit`. */
  goOn(): void {
    void this.#goOn?.();
    this.#goOn = undefined;
  }

  /** Its bash is gone and nothing can be learned of it: what waits is cancelled, as when it ends. */
  lose(message: string): void {
    this.#cancelAll(`the shell ended (${message}) before this command ran`);
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
    if (!this.#queue.delete(execution)) return;
    this.#refuse(execution, message);
    this.#used();
  }

  isNext(execution: Execution): boolean {
    return this.#running === undefined && this.#queue.first === execution;
  }

  /** Ends bash and its jobs; the running command ends with it, what waits is cancelled. */
  async close(reason: CloseReason): Promise<void> {
    this.#options.idleClock.forget(this);
    this.#cancelAll('the shell was closed before this command ran');
    this.#tell({ kind: 'shell_closed', shell: this, reason });
    this.#closed = true;
    const bash = this.#bash ?? (await this.#starting?.catch(() => undefined));
    await bash?.session.close();
    await this.#snapshot.remove();
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let next = this.#queue.first; next !== undefined; next = this.#queue.first) {
      const bash = this.#bash ?? (await this.#bashOrCancel());
      // Starting bash took a while: it may have been cancelled meanwhile, and another be the next.
      if (bash !== undefined && this.#queue.first === next) await this.#run(bash, next);
    }
    this.#working = false;
    this.#used();
  }

  async #run(bash: Bash, execution: Execution): Promise<void> {
    this.#queue.delete(execution);
    this.#running = execution;
    await this.#follow(bash, execution, () => runExecution(bash, execution));
  }

  async #follow(bash: Bash, execution: Execution, run: () => Promise<Outcome>): Promise<void> {
    const cwd = this.cwd;
    let complete: () => void;
    let end: Pick<ShellEnd, 'message'> | undefined;
    try {
      const outcome = await run();
      complete = () => completeWith(execution, outcome);
      if (outcome.kind === 'shell_ended') end = outcome.end;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      complete = () => this.#refuse(execution, `the shell ended before this command ran (${message})`);
      end = { message };
    }
    if (bash.fresh && this.#bash?.session === bash.session) this.#bash = { ...bash, fresh: false };
    // What waits is cancelled before the end is told: who sends the next command on seeing it gets a fresh bash.
    const told = end === undefined ? undefined : this.#bashEnded(bash.session, end);
    this.#running = undefined;
    this.#used();
    complete();
    if (told !== undefined) told();
    else if (this.cwd !== cwd) this.#tell({ kind: 'cwd_changed', shell: this });
  }

  async #bashOrCancel(): Promise<Bash | undefined> {
    try {
      return await this.#ensureBash();
    } catch (error) {
      const message = `bash could not be started: ${error instanceof Error ? error.message : String(error)}`;
      this.#cancelAll(message, NOT_STARTED_EXIT_STATUS);
      return undefined;
    }
  }

  /** @param restoreFrom a state to begin with */
  #ensureBash(restoreFrom?: string): Promise<Bash> {
    if (this.#bash !== undefined) return Promise.resolve(this.#bash);
    this.#starting ??= this.#startBash(restoreFrom).finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #startBash(restoreFrom: string | undefined): Promise<Bash> {
    const name = randomUUID();
    const session = await startBash(this.#options.setting, {
      name,
      cwd: this.#cwd,
      snapshotPath: this.#snapshot.path,
      ...(restoreFrom === undefined ? {} : { restoreFrom }),
    });
    const freshShell = this.#hadBash;
    const end = new AbortController();
    // With its state brought back it is no fresh one to the commands.
    const bash = { name, session, fresh: freshShell && restoreFrom === undefined, life: end.signal, end };
    this.#hold(bash);
    this.#tell({ kind: 'shell_opened', shell: this, pid: session.pid, freshShell });
    return bash;
  }

  #hold(bash: Bash): void {
    const { session } = bash;
    this.#bash = bash;
    this.#hadBash = true;
    void session.ended.then((ended) => {
      // With a command running, its outcome tells the end; this is for a bash that ended while idle.
      if (this.#running === undefined) this.#bashEnded(session, ended)?.();
    });
  }

  /** @returns tells of it; unset when there is nothing to tell */
  #bashEnded(session: BashSession, { message }: Pick<ShellEnd, 'message'>): (() => void) | undefined {
    const bash = this.#bash;
    if (bash?.session !== session) return undefined;
    this.#bash = undefined;
    this.#cwd = this.#options.cwd;
    this.#snapshot.look();
    bash.end.abort();
    const why = this.#closed ? 'the shell was closed' : `the shell ended (${message})`;
    this.#cancelAll(`${why} before this command ran`);
    return () => this.#tell({ kind: 'shell_ended', shell: this, message });
  }

  #cancelAll(message: string, exitStatus = CANCELLED_EXIT_STATUS): void {
    for (const execution of this.#queue) {
      this.#queue.delete(execution);
      this.#refuse(execution, message, exitStatus);
    }
  }

  #refuse(execution: Execution, message: string, exitStatus = CANCELLED_EXIT_STATUS): void {
    execution.complete({ reason: 'cancelled', exitStatus, message });
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
