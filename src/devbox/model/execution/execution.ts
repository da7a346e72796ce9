import type { ExecutionStatus, OutputStreamName } from '../../../api/execution.ts';
import type { RunningCommand } from '../../engine/bash-session.ts';
import type { Spool } from '../../engine/spool/spool.ts';
import type { OrderedSource } from '../../output/ordered-reader.ts';
import { newId } from '../new-id.ts';
import type { Observer } from '../transition.ts';
import { ExecutionOutput } from './execution-output.ts';
import type { ExecutionEnd, ExecutionPast, ExecutionRequest } from './execution-request.ts';
import type { LateOutput } from './late-output.ts';
import { openStdin } from './open-stdin.ts';
import type { OutputFiles } from './output-files.ts';
import { StatusWaiters } from './status-waiters.ts';
import { StdinQueue } from './stdin-queue.ts';
import { withLoss } from './with-loss.ts';

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

export interface ExecutionOptions {
  readonly devboxId: string;
  readonly request: ExecutionRequest;
  readonly owner: ExecutionOwner;
  readonly observer: Observer;
  readonly files: OutputFiles;
  /** Its place among the commands of its shell, from 1; unset without a shell. */
  readonly number?: number;
  /** Most bytes held of each stream; the oldest beyond it go. The spool's own limit if unset. */
  readonly outputCapBytes?: number;
  /** What an earlier server knew of it; unset for a new one. */
  readonly past?: ExecutionPast;
}

/** What begins with the command. */
export interface Beginning {
  readonly running: RunningCommand;
  /** Whether its bash replaced one that had ended. */
  readonly freshShell: boolean;
  /** Aborts when its bash has ended. */
  readonly life: AbortSignal;
}

/** One command, from the moment it was accepted: its state, its output, and the ways to end it. */
export class Execution {
  readonly id: string;
  readonly number: number | undefined;
  readonly devboxId: string;
  readonly request: ExecutionRequest;
  readonly queuedAtMs: number;
  readonly #output: ExecutionOutput;
  readonly #owner: ExecutionOwner;
  readonly #observer: Observer;
  readonly #stdin: StdinQueue | undefined;
  readonly #waiters = new StatusWaiters<ExecutionStatus>(() => this.#status);
  #running: RunningCommand | undefined;
  #interruptAtStart = false;
  #status: ExecutionStatus = 'queued';
  #startedAtMs: number | undefined;
  #endedAtMs: number | undefined;
  #end: ExecutionEnd | undefined;
  #freshShell: boolean;
  #adopted: boolean;
  /** What may have been lost with an earlier server, for people. */
  #loss: string | undefined;

  constructor({ devboxId, request, owner, observer, files, number, outputCapBytes, past }: ExecutionOptions) {
    this.id = past?.id ?? newId('exec');
    this.number = past?.number ?? number;
    this.queuedAtMs = past?.queuedAtMs ?? Date.now();
    this.#startedAtMs = past?.startedAtMs;
    this.#endedAtMs = past?.endedAtMs;
    this.#end = past?.end;
    this.#freshShell = past?.freshShell ?? false;
    this.#adopted = past?.adopted ?? false;
    if (past?.end !== undefined) this.#status = 'completed';
    this.devboxId = devboxId;
    this.request = request;
    this.#owner = owner;
    this.#observer = observer;
    this.#output = new ExecutionOutput({
      id: this.id,
      files,
      ...(outputCapBytes === undefined ? {} : { capBytes: outputCapBytes }),
      ...(past === undefined ? {} : { left: past.left }),
    });
    if (past?.end !== undefined) this.#output.end();
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
  get stdout(): Spool {
    return this.#output.stdout;
  }
  get stderr(): Spool {
    return this.#output.stderr;
  }
  /** Both, in the order in which they grew. */
  get output(): OrderedSource {
    return this.#output;
  }
  get late(): LateOutput {
    return this.#output.late;
  }
  /** Whether the server that began it is gone and another went on with it. */
  get adopted(): boolean {
    return this.#adopted;
  }
  /** For people: how it ended, or what may have been lost. */
  get message(): string | undefined {
    return this.#end?.message ?? this.#loss;
  }
  /** Bytes of memory and disk that keeping this execution costs, about. */
  get retainedBytes(): { memory: number; disk: number } {
    const { memory, disk } = this.#output.retainedBytes;
    return { memory: this.request.command.length * 2 + memory, disk };
  }

  /** Output of the command itself. The chunk is copied. */
  append(stream: OutputStreamName, chunk: Uint8Array): void {
    if (this.#status === 'completed') return;
    this.#output.append(stream, chunk);
    this.#observer.grew(this, 'output');
  }

  /** Output of its background jobs, after its end; its result stays as it is. The chunk is copied. */
  appendLate(stream: OutputStreamName, chunk: Uint8Array): void {
    if (this.late.stream(stream).append(chunk)) this.#observer.grew(this, 'late_output');
  }

  /** It was accepted, and waits. To be called once. */
  queued(): void {
    this.#observer.happened({ kind: 'queued', execution: this });
  }

  begin({ running, freshShell, life }: Beginning): void {
    this.#running = running;
    this.#freshShell = freshShell;
    this.late.begin(life);
    this.#startedAtMs = Date.now();
    this.#stdin?.attach(running);
    if (this.#interruptAtStart) running.interrupt();
    this.#change('running', 'started');
  }

  /**
   * Another server has begun it: from here on it is this one's.
   *
   * @param loss what may have been lost on the way, for people; unset when nothing was
   */
  takeOver({ running, life }: Omit<Beginning, 'freshShell'>, loss: string | undefined): void {
    this.#running = running;
    this.#adopted = true;
    this.#loss = loss;
    this.late.begin(life);
    this.#stdin?.attach(running);
    this.#startedAtMs ??= Date.now();
    this.#change('running', 'started');
  }

  /**
   * Another server took it and did not begin it: it waits again, with the input that came for it.
   *
   * @param input in order; undefined is its end
   */
  async waitAgain(input: readonly (string | undefined)[]): Promise<void> {
    this.#startedAtMs = undefined;
    for (const text of input) {
      if (text === undefined) this.#stdin?.close();
      else await this.#stdin?.write(text);
    }
  }

  /** Bytes of its output were lost with an earlier server; told of a completed one. */
  lost(loss: string): void {
    this.#adopted = true;
    if (this.#end !== undefined) this.#end = withLoss(this.#end, loss);
  }

  /** The first end wins; output that comes later belongs to nobody. */
  complete(end: ExecutionEnd): void {
    if (this.#status === 'completed') return;
    this.#end = this.#loss === undefined ? end : withLoss(end, this.#loss);
    this.#endedAtMs = Date.now();
    this.#running = undefined;
    // Ended before the status is told: whoever sees `completed` finds streams that end.
    this.#output.end();
    this.#change('completed', 'completed');
  }

  /** It is known to wait for input. */
  get waitsForInput(): boolean {
    return this.#running?.waitsForInput() ?? false;
  }

  /** Takes a waiting command out of its queue, ends a running one; nothing for a completed one. */
  kill(): void {
    if (this.#status === 'queued') this.cancel();
    else this.#running?.kill();
  }

  /** Takes a waiting command out of its queue; one that has begun goes on. */
  cancel(): void {
    if (this.#status === 'queued') this.#owner.cancel(this, 'cancelled before it ran');
  }

  /**
   * @returns whether there was something to interrupt: false for what waits behind others (which `kill` cancels)
   * and for what has completed
   */
  interrupt(): boolean {
    if (this.#running !== undefined) this.#running.interrupt();
    else if (this.#status === 'queued' && this.#owner.isNext(this)) this.#interruptAtStart = true;
    else return false;
    return true;
  }

  /**
   * Hands text to the command's stdin, in order; while the command still waits, the text waits with it.
   *
   * @throws Refusal `execution_completed`, `stdin_not_attached` or `stdin_closed`
   */
  async writeStdin(text: string): Promise<void> {
    const waits = this.#status === 'queued';
    await this.#openStdin().write(text);
    if (waits) this.#observer.happened({ kind: 'input', execution: this, text });
  }

  /**
   * Ends the command's stdin after what was written before.
   *
   * @throws Refusal as `writeStdin`
   */
  closeStdin(): void {
    this.#openStdin().close();
    if (this.#status === 'queued') this.#observer.happened({ kind: 'input', execution: this });
  }

  /** @see StatusWaiters.wait */
  whenStatus(
    statuses: readonly ExecutionStatus[],
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<boolean> {
    return this.#waiters.wait(statuses, timeoutMs, signal);
  }

  /** Resolves when all output that came so far is on disk. */
  async flush(): Promise<void> {
    await this.#output.flush();
  }

  /** Deletes the output files. */
  async dispose(): Promise<void> {
    await this.#output.dispose();
  }

  #openStdin(): StdinQueue {
    return openStdin(this, this.#stdin);
  }

  /** The one place where the state changes. */
  #change(status: ExecutionStatus, kind: 'started' | 'completed'): void {
    this.#status = status;
    this.#observer.happened({ kind, execution: this });
    this.#waiters.wake();
  }
}
