import type { BashSession, ShellEnd } from '../engine/bash-session.ts';
import { CANCELLED_EXIT_STATUS, type Execution, type ExecutionOwner } from './execution.ts';
import { completeWith, runExecution } from './run-execution.ts';
import { type BashSetting, startBash } from './start-bash.ts';

/** The exit status of a command whose bash could not be started: a shell's own word for "cannot be run". */
export const NOT_STARTED_EXIT_STATUS = 126;

export interface ShellOptions {
  readonly name: string;
  readonly setting: BashSetting;
  /** Where its bash starts, and a fresh one after it ended. */
  readonly cwd: string;
  /** Called when its bash ended or the shell was closed. */
  readonly onEnded: () => void;
}

/**
 * A named shell: one bash and a strictly sequential queue before it.
 *
 * Invariants: at most one command runs; commands run in the order of `enqueue`; when bash ends, everything that waits
 * is cancelled (it was meant for the directory and variables that are gone) and the next command gets a fresh bash.
 */
export class Shell implements ExecutionOwner {
  readonly name: string;
  readonly createdAtMs = Date.now();
  readonly #options: ShellOptions;
  readonly #queue: Execution[] = [];
  #cwd: string;
  #lastUsedAtMs = Date.now();
  #running: Execution | undefined;
  #session: BashSession | undefined;
  #starting: Promise<BashSession> | undefined;
  #hadBash = false;
  #fresh = false;
  #working = false;
  #closed = false;

  constructor(options: ShellOptions) {
    this.name = options.name;
    this.#options = options;
    this.#cwd = options.cwd;
  }

  get state(): 'idle' | 'running' | 'ended' {
    if (this.#running !== undefined || this.#queue.length > 0) return 'running';
    return this.hasBash ? 'idle' : 'ended';
  }
  get hasBash(): boolean {
    return this.#session !== undefined || this.#starting !== undefined;
  }
  get pid(): number | undefined {
    return this.#session?.pid;
  }
  get cwd(): string {
    return this.#session?.cwd ?? this.#cwd;
  }
  get lastUsedAtMs(): number {
    return this.#lastUsedAtMs;
  }
  /** The running command first, then those that wait. */
  get queue(): readonly Execution[] {
    return this.#running === undefined ? this.#queue : [this.#running, ...this.#queue];
  }

  enqueue(execution: Execution): void {
    this.#lastUsedAtMs = Date.now();
    this.#queue.push(execution);
    if (!this.#working) void this.#work();
  }

  /**
   * Starts its bash if it has none.
   *
   * @param cwd where a bash that is started now begins
   * @throws Error if bash could not be started
   */
  async open(cwd?: string): Promise<void> {
    if (this.#session === undefined && cwd !== undefined) this.#cwd = cwd;
    await this.#ensureSession();
  }

  cancel(execution: Execution, message: string): void {
    const at = this.#queue.indexOf(execution);
    if (at === -1) return;
    this.#queue.splice(at, 1);
    this.#refuse(execution, message);
  }

  isNext(execution: Execution): boolean {
    return this.#running === undefined && this.#queue[0] === execution;
  }

  /** Ends bash and its jobs; the running command ends with it, what waits is cancelled. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelAll('the shell was closed before this command ran');
    const session = this.#session ?? (await this.#starting?.catch(() => undefined));
    await session?.close();
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      const session = this.#session ?? (await this.#sessionOrCancel());
      // Starting bash took a while: it may have been cancelled meanwhile, and another be the next.
      if (session !== undefined && this.#queue[0] === next) await this.#run(session, next);
    }
    this.#working = false;
  }

  async #run(session: BashSession, execution: Execution): Promise<void> {
    this.#queue.shift();
    this.#running = execution;
    const fresh = this.#fresh;
    this.#fresh = false;
    let complete: () => void;
    try {
      const outcome = await runExecution(session, execution, fresh);
      complete = () => completeWith(execution, outcome);
      // What waits is cancelled before the end is told: who sends the next command on seeing it gets a fresh bash.
      if (outcome.kind === 'shell_ended') this.#bashEnded(session, outcome.end);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      complete = () => this.#refuse(execution, `the shell ended before this command ran (${message})`);
      this.#bashEnded(session, { message });
    }
    this.#running = undefined;
    this.#lastUsedAtMs = Date.now();
    complete();
  }

  async #sessionOrCancel(): Promise<BashSession | undefined> {
    try {
      return await this.#ensureSession();
    } catch (error) {
      const message = `bash could not be started: ${error instanceof Error ? error.message : String(error)}`;
      this.#cancelAll(message, NOT_STARTED_EXIT_STATUS);
      return undefined;
    }
  }

  #ensureSession(): Promise<BashSession> {
    if (this.#session !== undefined) return Promise.resolve(this.#session);
    this.#starting ??= startBash(this.#options.setting, this.#cwd)
      .then((session) => {
        this.#session = session;
        this.#fresh = this.#hadBash;
        this.#hadBash = true;
        void session.ended.then((end) => {
          // With a command running, its outcome tells the end; this is for a bash that ended while idle.
          if (this.#running === undefined) this.#bashEnded(session, end);
        });
        return session;
      })
      .finally(() => {
        this.#starting = undefined;
      });
    return this.#starting;
  }

  #bashEnded(session: BashSession, end: Pick<ShellEnd, 'message'>): void {
    if (this.#session !== session) return;
    this.#session = undefined;
    this.#cwd = this.#options.cwd;
    const why = this.#closed ? 'the shell was closed' : `the shell ended (${end.message})`;
    this.#cancelAll(`${why} before this command ran`);
    this.#options.onEnded();
  }

  #cancelAll(message: string, exitStatus = CANCELLED_EXIT_STATUS): void {
    for (const execution of this.#queue.splice(0)) this.#refuse(execution, message, exitStatus);
  }

  #refuse(execution: Execution, message: string, exitStatus = CANCELLED_EXIT_STATUS): void {
    execution.complete({ reason: 'cancelled', exitStatus, message });
  }
}
