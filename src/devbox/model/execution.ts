import { join } from 'node:path';
import type { ExecutionDetail, ExecutionStatus, OutputStreamName } from '../../api/execution.ts';
import type { RunningCommand } from '../engine/bash-session.ts';
import { Spool } from '../engine/spool.ts';
import { newId } from './new-id.ts';
import { Refusal } from './refusal.ts';
import { StdinQueue } from './stdin-queue.ts';

export interface ExecutionRequest {
  readonly command: string;
  readonly shellName?: string;
  readonly attachStdin: boolean;
  /** The client's id for "this very command, once". */
  readonly commandId?: string;
}

export interface ExecutionEnd {
  readonly reason: NonNullable<ExecutionDetail['end_reason']>;
  readonly exitStatus: number;
  /** For people; unset for what exited by itself. */
  readonly message?: string;
  /** The shell's working directory after the command. */
  readonly cwd?: string;
}

/** What holds the execution while it waits: a shell's queue, or the bash of its own that is being started. */
export interface ExecutionOwner {
  /** Takes it out of the queue and completes it as cancelled. */
  cancel(execution: Execution, message: string): void;
  /** Whether it is the next to run, with nothing before it but the start of bash. */
  isNext(execution: Execution): boolean;
}

/**
 * The exit status of what never ran: neither success nor unknown for clients that look at the number alone. It is
 * what an interrupted command has; `nsh.end_reason` tells the two apart.
 */
export const CANCELLED_EXIT_STATUS = 130;

/** What a spool keeps in memory of an output after its end, bytes. */
const SHORT_OUTPUT = 64 * 1024;

/** One command, from the moment it was accepted: its state, its output, and the ways to end it. */
export class Execution {
  readonly id = newId('exec');
  readonly devboxId: string;
  readonly request: ExecutionRequest;
  readonly queuedAtMs = Date.now();
  readonly stdout: Spool;
  readonly stderr: Spool;
  readonly #owner: ExecutionOwner;
  readonly #stdin: StdinQueue | undefined;
  readonly #waiters = new Set<() => void>();
  #running: RunningCommand | undefined;
  #interruptAtStart = false;
  #status: ExecutionStatus = 'queued';
  #startedAtMs: number | undefined;
  #endedAtMs: number | undefined;
  #end: ExecutionEnd | undefined;
  #freshShell = false;

  /** @param spoolDir the directory that holds the output files */
  constructor(devboxId: string, request: ExecutionRequest, spoolDir: string, owner: ExecutionOwner) {
    this.devboxId = devboxId;
    this.request = request;
    this.#owner = owner;
    this.stdout = new Spool({ path: join(spoolDir, `${this.id}.stdout`) });
    this.stderr = new Spool({ path: join(spoolDir, `${this.id}.stderr`) });
    this.#stdin = request.attachStdin ? new StdinQueue() : undefined;
  }

  get status(): ExecutionStatus {
    return this.#status;
  }
  get startedAtMs(): number | undefined {
    return this.#startedAtMs;
  }
  get endedAtMs(): number | undefined {
    return this.#endedAtMs;
  }
  get end(): ExecutionEnd | undefined {
    return this.#end;
  }
  get freshShell(): boolean {
    return this.#freshShell;
  }
  /** Bytes of memory and disk that keeping this execution costs, about: a short output stays in memory. */
  get retainedBytes(): { memory: number; disk: number } {
    const sizes = [this.stdout, this.stderr].map((spool) => spool.size - spool.start);
    const inMemory = sizes.map((size) => Math.min(size, SHORT_OUTPUT));
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    return { memory: this.request.command.length * 2 + sum(inMemory), disk: sum(sizes) };
  }

  spool(stream: OutputStreamName): Spool {
    return stream === 'stdout' ? this.stdout : this.stderr;
  }

  /** @param freshShell whether its bash replaced one that had ended */
  begin(running: RunningCommand, freshShell: boolean): void {
    this.#running = running;
    this.#freshShell = freshShell;
    this.#startedAtMs = Date.now();
    this.#stdin?.attach(running);
    if (this.#interruptAtStart) running.interrupt();
    this.#change('running');
  }

  /** The first end wins; output that comes later belongs to nobody. */
  complete(end: ExecutionEnd): void {
    if (this.#status === 'completed') return;
    this.#end = end;
    this.#endedAtMs = Date.now();
    this.#running = undefined;
    // Ended before the status is told: whoever sees `completed` finds streams that end.
    this.stdout.end();
    this.stderr.end();
    this.#change('completed');
  }

  /** @param listener called once, right when it completes */
  onCompleted(listener: () => void): void {
    const check = () => {
      if (this.#status !== 'completed') return;
      this.#waiters.delete(check);
      listener();
    };
    this.#waiters.add(check);
  }

  /** Takes a waiting command out of its queue, ends a running one; nothing for a completed one. */
  kill(): void {
    if (this.#status === 'queued') this.#owner.cancel(this, 'cancelled by kill');
    else this.#running?.kill();
  }

  /**
   * @returns whether there was something to interrupt: false for what waits behind others (which `kill` cancels)
   * and for what has completed
   */
  interrupt(): boolean {
    if (this.#running !== undefined) {
      this.#running.interrupt();
      return true;
    }
    if (this.#status !== 'queued' || !this.#owner.isNext(this)) return false;
    this.#interruptAtStart = true;
    return true;
  }

  /**
   * Hands text to the command's stdin, in order; while the command still waits, the text waits with it.
   *
   * @throws Refusal `execution_completed`, `stdin_not_attached` or `stdin_closed`
   */
  async writeStdin(text: string): Promise<void> {
    await this.#openStdin().write(text);
  }

  /**
   * Ends the command's stdin after what was written before.
   *
   * @throws Refusal as `writeStdin`
   */
  closeStdin(): void {
    this.#openStdin().close();
  }

  /**
   * Waits for one of `statuses`.
   *
   * @param timeoutMs how long to wait at most
   * @param signal ends the wait early, for a client that went away
   * @returns whether it has one of them now
   */
  async whenStatus(
    statuses: readonly ExecutionStatus[],
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<boolean> {
    if (statuses.includes(this.#status)) return true;
    if (timeoutMs <= 0 || signal?.aborted === true) return false;
    return new Promise((resolve) => {
      const settle = () => {
        clearTimeout(timer);
        this.#waiters.delete(check);
        signal?.removeEventListener('abort', settle);
        resolve(statuses.includes(this.#status));
      };
      const check = () => {
        if (statuses.includes(this.#status)) settle();
      };
      const timer = setTimeout(settle, timeoutMs);
      this.#waiters.add(check);
      signal?.addEventListener('abort', settle);
    });
  }

  /** Deletes the output files. */
  async dispose(): Promise<void> {
    await Promise.all([this.stdout.dispose(), this.stderr.dispose()]);
  }

  #openStdin(): StdinQueue {
    if (this.#status === 'completed') {
      throw new Refusal(
        409,
        'execution_completed',
        `Execution ${this.id} has completed, so it reads no more input.`,
      );
    }
    if (this.#stdin === undefined) {
      throw new Refusal(
        400,
        'stdin_not_attached',
        `Execution ${this.id} was started without stdin. Start it with "attach_stdin": true (execute_async) to send it input.`,
      );
    }
    return this.#stdin;
  }

  #change(status: ExecutionStatus): void {
    this.#status = status;
    for (const waiter of [...this.#waiters]) waiter();
  }
}
