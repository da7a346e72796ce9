import type { ExecutionStatus, ExecutionView, OutputStreamName, SendStdInBody } from '../api/execution.ts';
import { LATE_OUTPUT_CAPABILITY } from '../api/extension/late-output.ts';
import { abortable } from './abort.ts';
import { cancelExecution } from './cancel-execution.ts';
import type { Completion } from './completion.ts';
import { NamedShellError } from './errors.ts';
import { awaitExecution, killExecution, retrieveExecution, sendStdIn } from './execution-requests.ts';
import { ExecutionResult } from './execution-result.ts';
import { call } from './http/call.ts';
import type { Link } from './http/link.ts';
import { longPoll } from './http/long-poll.ts';
import type { LongPollRequestOptions, RequestOptions } from './options.ts';
import { type OutputStreamOptions, outputBytes, outputText } from './output/output-bytes.ts';
import { type OutputChunk, outputChunks } from './output/output-chunks.ts';
import { type OutputLine, outputLines } from './output/output-lines.ts';
import { requireCapability } from './require-capability.ts';
import { openScope } from './scope.ts';

export interface ExecutionParts {
  readonly devboxId: string;
  readonly executionId: string;
  readonly completion: Completion;
  /** The delivery to callbacks, if there are any. */
  readonly delivered: Promise<void> | undefined;
  readonly lastN: string | undefined;
}

/** A command that was launched: queued, running or completed. Made by `execAsync()` and `shell.execution(id)`. */
export class Execution {
  readonly #link: Link;
  readonly #parts: ExecutionParts;

  /** @internal */
  constructor(link: Link, parts: ExecutionParts) {
    this.#link = link;
    this.#parts = parts;
  }

  /** The server's id of it: another client finds it by `shell.execution(id)`. */
  get executionId(): string {
    return this.#parts.executionId;
  }

  /** The devbox that it was sent to. */
  get devboxId(): string {
    return this.#parts.devboxId;
  }

  /** The status as last heard, at the launch or by a later call; undefined when nothing was heard yet. */
  get status(): ExecutionStatus | undefined {
    return this.#parts.completion.status;
  }

  /**
   * Its number among the commands of its shell, as `shell.history()` and `nsh log` have it; undefined when nothing was heard
   * yet, without a shell, and on the service.
   */
  get number(): number | undefined {
    return this.#parts.completion.number;
  }

  /**
   * Waits for the end of the command and, with callbacks, until they have taken every byte that its foreground
   * wrote. A broken network is waited out; `options` bound the waiting and end nothing but it.
   *
   * @throws NamedShellError; or what a callback threw
   */
  async result(options?: LongPollRequestOptions): Promise<ExecutionResult> {
    const { completion, delivered } = this.#parts;
    const scope = openScope(this.#link.transport.closed, options, `Execution ${this.executionId}`);
    try {
      const [view] = await Promise.all([
        completion.view ?? this.#completed(scope.signal),
        delivered && abortable(delivered, scope.signal),
      ]);
      return new ExecutionResult(this.#link, this.#parts, view);
    } finally {
      scope.release();
    }
  }

  /** The execution's present view: `queued`, `running` or `completed`. */
  async getState(options?: RequestOptions): Promise<ExecutionView> {
    const request = retrieveExecution(this.devboxId, this.executionId, this.#parts.lastN);
    return this.#parts.completion.observe(await call(this.#link, request, options));
  }

  /**
   * Ends the command with SIGKILL; one that is queued is taken out of the queue and never runs. The shell and its
   * state stay.
   *
   * @param options.processGroup also whatever the command started (`kill_process_group`). Default: false
   */
  async kill(options?: RequestOptions & { processGroup?: boolean | undefined }): Promise<ExecutionView> {
    const body = options?.processGroup ? { kill_process_group: true } : {};
    const request = killExecution(this.devboxId, this.executionId, body);
    return this.#parts.completion.observe(await call(this.#link, request, options));
  }

  /**
   * Takes the command out of its shell's queue when it has not begun; one that runs or has ended is left alone. On the service,
   * which offers no such call, it is looked at first and then killed: one that begins in between is killed while it runs.
   *
   * @returns whether it never ran; false: it has begun
   * @throws NamedShellError
   */
  async cancel(options?: RequestOptions): Promise<boolean> {
    const { view, cancelled } = await cancelExecution(this.#link, this.devboxId, this.executionId, options);
    this.#parts.completion.observe(view);
    return cancelled;
  }

  /** Interrupts the command, as Ctrl-C does. It may ignore that. Sent once: see `sendStdIn`. */
  async interrupt(options?: RequestOptions): Promise<void> {
    await this.#send({ signal: 'INTERRUPT' }, options);
  }

  /**
   * Writes to the command's stdin, which it has only when launched with `attach_stdin`. Never sent twice.
   *
   * @throws NamedShellError of kind `unknown_outcome` when it may or may not have arrived
   */
  async sendStdIn(text: string, options?: RequestOptions): Promise<void> {
    await this.#send({ text }, options);
  }

  /** Ends the command's stdin: it reads EOF. */
  async closeStdIn(options?: RequestOptions): Promise<void> {
    await this.#send({ signal: 'EOF' }, options);
  }

  /**
   * The exact bytes of a stream from its start to its end, over as many connections as it takes. Nothing is read
   * ahead of the consumer but what the network holds. (The service sends text: there, bytes that are no UTF-8 come
   * as whatever it makes of them.)
   *
   * @throws NamedShellError; of kind `output_gap` where the server no longer holds a part, unless `onGap` is told of it
   */
  bytes(stream: OutputStreamName, options?: OutputStreamOptions): AsyncIterable<Uint8Array> {
    return outputBytes(this.#link, { ...this.#parts, stream }, options);
  }

  /**
   * The text of a stream, live, from its start to its end: `for await (const chunk of execution.stream('stdout'))`. As
   * `bytes()`, but decoded as UTF-8, with each character whole in one chunk. Leaving the loop closes the connection.
   *
   * @throws NamedShellError, as `bytes()`
   */
  stream(stream: OutputStreamName, options?: OutputStreamOptions): AsyncIterable<string> {
    return outputText(this.#link, { ...this.#parts, stream }, options);
  }

  /**
   * Both streams line by line, live, from their start to their end: `for await (const { stream, line } of
   * execution.lines())`. Lines come in the order in which the embedded devbox saw them end; on the service, which does not
   * tell it, in the order of their arrival. A line is kept in memory until it ends: for output that may have none, take
   * `chunks()`. Leaving the loop closes the connections; what goes wrong with one is thrown into the loop.
   *
   * @throws NamedShellError, as `bytes()`
   */
  lines(options?: OutputStreamOptions): AsyncIterable<OutputLine> {
    return outputLines(this.#link, this.#parts, options);
  }

  /**
   * The exact bytes of both streams, live, in the order of `lines()`: `for await (const { stream, bytes } of
   * execution.chunks())`. Nothing is read ahead of the consumer but what the network holds.
   *
   * @throws NamedShellError, as `bytes()`
   */
  chunks(options?: OutputStreamOptions): AsyncIterable<OutputChunk> {
    return outputChunks(this.#link, this.#parts, options);
  }

  /**
   * What background jobs of the command write after its end, live, until the shell has ended. It is no part of the
   * result, and not of `bytes()`.
   *
   * @throws NamedShellError of kind `invalid_request` on the service, which does not keep it
   */
  async *lateBytes(stream: OutputStreamName, options?: OutputStreamOptions): AsyncGenerator<Uint8Array> {
    const what = `Reading late output of execution ${this.executionId}`;
    const lacking = 'does not keep it.';
    await requireCapability(this.#link, LATE_OUTPUT_CAPABILITY, { what, lacking }, options);
    yield* outputBytes(this.#link, { ...this.#parts, stream, late: true }, options);
  }

  /** The completed view, from the long poll or from whatever other answer brings it first. */
  async #completed(signal: AbortSignal): Promise<ExecutionView> {
    const { completion, lastN } = this.#parts;
    const { holdSeconds } = this.#link;
    const wait = awaitExecution(this.devboxId, this.executionId, lastN, holdSeconds);
    const poll = longPoll(this.#link, wait, signal);
    return await Promise.race([completion.reached, poll.then((view) => completion.observe(view))]);
  }

  async #send(body: SendStdInBody, options: RequestOptions | undefined): Promise<void> {
    const request = sendStdIn(this.devboxId, this.executionId, body);
    const answer = await call(this.#link, request, options);
    if (answer.success) return;
    throw new NamedShellError(
      'conflict',
      `${request.what} failed: the server did not take it. Only a running command takes it, and text only one that was launched with attach_stdin.`,
    );
  }
}
