import type { BashSession, Outcome, ShellEnd } from '../../engine/bash-session.ts';
import { NOT_STARTED_STATUS } from '../../engine/running-command.ts';
import { withRemedy } from '../../engine/system-remedy.ts';
import { CANCELLED_EXIT_STATUS, type Execution, type ExecutionOwner } from '../execution/execution.ts';
import { completeWith, runExecution } from '../execution/run-execution.ts';
import type { AdoptedBash } from './adopt-bash.ts';
import { CommandQueue } from './command-queue.ts';
import type { Bash, ShellBash } from './shell-bash.ts';

export interface ShellWorkOptions {
  readonly bash: ShellBash;
  /** Called whenever something came, ended or was taken out. */
  readonly onUsed: () => void;
  /** Called when bash has ended, after its command's end was told. */
  readonly onBashEnded: (message: string) => void;
  /** Called when a command has left bash in another directory, after its end was told. */
  readonly onCwdChanged: () => void;
}

/**
 * What runs in one shell and what waits for it.
 *
 * Invariants: at most one command runs; commands run in the order of `enqueue`; when bash ends, everything that waits
 * is cancelled (it was meant for the directory and variables that are gone) and the next command gets a fresh bash.
 */
export class ShellWork implements ExecutionOwner {
  readonly #options: ShellWorkOptions;
  readonly #queue = new CommandQueue<Execution>();
  #running: Execution | undefined;
  #working = false;
  /** Why it was closed. */
  #closed: string | undefined;
  #goOn: (() => Promise<void>) | undefined;

  constructor(options: ShellWorkOptions) {
    this.#options = options;
  }

  /** Whether something runs or waits. */
  get isBusy(): boolean {
    return this.#running !== undefined || this.#queue.size > 0;
  }
  /** The running command first, then those that wait. */
  get all(): readonly Execution[] {
    return this.#running === undefined ? [...this.#queue] : [this.#running, ...this.#queue];
  }

  enqueue(execution: Execution): void {
    this.#queue.push(execution);
    execution.queued();
    if (!this.#working) void this.#work();
  }

  /** @see Shell.inherit */
  inherit(
    adopted: AdoptedBash | undefined,
    running: Execution | undefined,
    waiting: Iterable<Execution>,
  ): void {
    for (const execution of waiting) this.#queue.push(execution);
    this.#working = true;
    this.#running = running;
    const bash = adopted && this.#options.bash.adopt(adopted);
    this.#goOn = async () => {
      const last = adopted?.last?.command.outcome;
      if (bash !== undefined && running !== undefined && last !== undefined) {
        await this.#follow(bash, running, () => last);
      }
      // It is busy until the last command's end is told, even of one that is known to have completed.
      await last;
      if (adopted?.alive === false) await adopted.session.ended;
      await this.#work();
    };
  }

  /** To be called once after `inherit`. */
  goOn(): void {
    void this.#goOn?.();
    this.#goOn = undefined;
  }

  cancel(execution: Execution, message: string): void {
    if (!this.#queue.delete(execution)) return;
    refuse(execution, message);
    this.#options.onUsed();
  }

  isNext(execution: Execution): boolean {
    return this.#running === undefined && this.#queue.first === execution;
  }

  /** Everything that waits. */
  cancelAll(message: string, exitStatus = CANCELLED_EXIT_STATUS): void {
    for (const execution of this.#queue) {
      this.#queue.delete(execution);
      refuse(execution, message, exitStatus);
    }
  }

  /** What waits is cancelled; what runs ends with its bash. @param why for people: `the shell was closed` */
  close(why: string): void {
    this.cancelAll(`${why} before this command ran`);
    this.#closed = why;
  }

  /** A bash has ended. With a command running, its outcome tells that: this is for one that ended while idle. */
  endedWhileIdle(session: BashSession, end: ShellEnd): void {
    if (this.#running === undefined) this.#bashEnded(session, end)?.();
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let next = this.#queue.first; next !== undefined; next = this.#queue.first) {
      const bash = this.#options.bash.current ?? (await this.#bashOrCancel());
      // Starting bash took a while: it may have been cancelled meanwhile, and another be the next.
      if (bash !== undefined && this.#queue.first === next) await this.#run(bash, next);
    }
    this.#working = false;
    this.#options.onUsed();
  }

  async #run(bash: Bash, execution: Execution): Promise<void> {
    this.#queue.delete(execution);
    this.#running = execution;
    await this.#follow(bash, execution, () => runExecution(bash, execution));
  }

  async #follow(bash: Bash, execution: Execution, run: () => Promise<Outcome>): Promise<void> {
    const { bash: shellBash, onUsed, onCwdChanged } = this.#options;
    const { cwd } = shellBash;
    let complete: () => void;
    let end: Pick<ShellEnd, 'message'> | undefined;
    try {
      const outcome = await run();
      complete = () => completeWith(execution, outcome);
      if (outcome.kind === 'shell_ended') end = outcome.end;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      complete = () => refuse(execution, `the shell ended before this command ran (${message})`);
      end = { message };
    }
    shellBash.hasRun(bash);
    // What waits is cancelled before the end is told: who sends the next command on seeing it gets a fresh bash.
    const told = end === undefined ? undefined : this.#bashEnded(bash.session, end);
    this.#running = undefined;
    onUsed();
    complete();
    if (told !== undefined) told();
    else if (shellBash.cwd !== cwd) onCwdChanged();
  }

  async #bashOrCancel(): Promise<Bash | undefined> {
    try {
      return await this.#options.bash.ensure();
    } catch (error) {
      const message = `bash could not be started: ${withRemedy(error, 'send the command again')}`;
      this.cancelAll(message, NOT_STARTED_STATUS);
      return undefined;
    }
  }

  /** @returns tells of it; unset when there is nothing to tell */
  #bashEnded(session: BashSession, { message }: Pick<ShellEnd, 'message'>): (() => void) | undefined {
    if (!this.#options.bash.lose(session)) return undefined;
    const why = this.#closed ?? `the shell ended (${message})`;
    this.cancelAll(`${why} before this command ran`);
    return () => this.#options.onBashEnded(message);
  }
}

function refuse(execution: Execution, message: string, exitStatus = CANCELLED_EXIT_STATUS): void {
  execution.complete({ reason: 'cancelled', exitStatus, message });
}
