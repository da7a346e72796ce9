import type { ExecutionView } from '../api/execution.ts';
import { NamedShellError, type TimedOutCommand } from './errors.ts';
import { killExecution, retrieveExecution, sendStdIn } from './execution-requests.ts';
import { findLaunched } from './find-launched.ts';
import { call } from './http/call.ts';
import type { Link } from './http/link.ts';
import type { Launch } from './launch.ts';
import { checkTimeoutMs, LONGEST_TIMER_MS, openScope, type Scope } from './scope.ts';

/** The time that `exec` gives a command, and what happens when it is over. */
export interface TimeLimitParams {
  /**
   * Longest time for the whole call, ms: waiting for earlier launches, launching, running and handing out output.
   * Over it comes an error of kind `timeout`; `onTimeout` says what becomes of the command. Default: none.
   */
  timeoutMs?: number | undefined;
  /**
   * What becomes of a command whose time is over. `leave` (the default): it goes on. `interrupt`: as Ctrl-C, which it
   * may ignore. `kill`: it is ended. One that still waits in the shell's queue is cancelled by both. The error's
   * `command` says what was done.
   */
  onTimeout?: 'leave' | 'interrupt' | 'kill' | undefined;
}

/** How long ending a command may take, ms, when its own time is over. */
const GRACE_MS = 10_000;
/** The launch must be answered before the time is over: its answer carries the id by which a command is ended. */
const MARGIN_MS = 500;

/** The time that one `exec` has. */
export class TimeLimit {
  readonly #scope: Scope;
  readonly #timeoutMs: number;
  readonly #action: NonNullable<TimeLimitParams['onTimeout']>;
  readonly #endsAt: number;
  readonly #timer: NodeJS.Timeout;
  #isOver = false;

  /** @param outer ends the call for other reasons */
  static of({ timeoutMs, onTimeout }: TimeLimitParams, outer: AbortSignal): TimeLimit | undefined {
    if (timeoutMs === undefined) return undefined;
    checkTimeoutMs(timeoutMs, 'timeoutMs');
    return new TimeLimit(timeoutMs, onTimeout, outer);
  }

  private constructor(timeoutMs: number, action: TimeLimitParams['onTimeout'], outer: AbortSignal) {
    this.#timeoutMs = timeoutMs;
    this.#action = action ?? 'leave';
    this.#endsAt = performance.now() + timeoutMs;
    const over = new AbortController();
    this.#scope = openScope(outer, { signal: over.signal }, 'The command');
    this.#timer = setTimeout(
      () => {
        this.#isOver = true;
        over.abort();
      },
      Math.min(timeoutMs, LONGEST_TIMER_MS),
    );
  }

  get signal(): AbortSignal {
    return this.#scope.signal;
  }

  /** Seconds that the launch may hold, whole: whether the service takes fractions is unproven. */
  holdSeconds(wanted: number): number {
    const left = Math.floor((this.#endsAt - performance.now() - MARGIN_MS) / 1000);
    return Math.max(0, Math.min(wanted, left));
  }

  release(): void {
    clearTimeout(this.#timer);
    this.#scope.release();
  }

  /**
   * Does what was asked for when the time is over.
   *
   * @param launch undefined when it was never sent
   * @param view of the launch's answer; undefined when there was none
   * @returns the error to throw: `error` itself when it has another cause
   */
  async conclude(
    link: Link,
    error: unknown,
    launch: Launch | undefined,
    view: ExecutionView | undefined,
  ): Promise<unknown> {
    if (!this.#isOver) return error;
    if (launch === undefined) {
      return this.#error('never_sent', 'while it waited for the launch before it: it was never sent.');
    }
    if (this.#action === 'leave') {
      const id = view?.execution_id;
      return id === undefined
        ? this.#unanswered()
        : this.#error('left', `It goes on: wait again for execution ${id}, or kill it.`, id);
    }
    const scope = openScope(
      link.transport.closed,
      { longPoll: { timeoutMs: GRACE_MS } },
      'Ending the command',
    );
    let id = view?.execution_id;
    try {
      const found = view ?? (await findLaunched(link, launch, { signal: scope.signal }));
      if (found === undefined || found === 'absent') return this.#unanswered();
      id = found.execution_id;
      const [became, told] = await end(link, found, this.#action, scope.signal);
      return this.#error(became, told, id);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const verb = this.#action === 'kill' ? 'killed' : 'interrupted';
      return this.#error(
        'unknown',
        `It could not be ${verb} and may go on${id === undefined ? '' : ` as execution ${id}`}: ${why}`,
        id,
        cause,
      );
    } finally {
      scope.release();
    }
  }

  #unanswered(): NamedShellError {
    return this.#error(
      'unknown',
      "and its launch was not answered: it may be running. Look at the shell's executions before sending it again.",
    );
  }

  #error(command: TimedOutCommand, told: string, executionId?: string, cause?: unknown): NamedShellError {
    const start = `The command was not over within ${this.#timeoutMs} ms (timeoutMs)`;
    const text = /^[A-Z]/.test(told) ? `${start}. ${told}` : `${start} ${told}`;
    return new NamedShellError('timeout', text, {
      command,
      executionId,
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

async function end(
  link: Link,
  view: ExecutionView,
  action: 'interrupt' | 'kill',
  signal: AbortSignal,
): Promise<[TimedOutCommand, string]> {
  const { devbox_id: devboxId, execution_id: id } = view;
  const state = await call(link, retrieveExecution(devboxId, id), { signal });
  if (state.status === 'completed') {
    return ['completed', `It had ended with status ${state.exit_status ?? 'unknown'} (execution ${id}).`];
  }
  if (action === 'kill' || state.status === 'queued') {
    await call(link, killExecution(devboxId, id, { kill_process_group: true }), { signal });
    return state.status === 'queued'
      ? ['cancelled', `It still waited in the queue and was cancelled (execution ${id}).`]
      : ['killed', `It was killed (execution ${id}).`];
  }
  const { success } = await call(link, sendStdIn(devboxId, id, { signal: 'INTERRUPT' }), { signal });
  if (success) {
    return ['interrupted', `It was interrupted, which it may ignore (execution ${id}).`];
  }
  throw new NamedShellError('conflict', 'the server did not take the interrupt.');
}
