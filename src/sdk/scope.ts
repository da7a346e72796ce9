import { abortError } from './abort.ts';
import { NamedShellError } from './errors.ts';
import type { LongPollRequestOptions } from './options.ts';

/** The longest timer that Node knows, ms; a longer one would fire at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The life of one call, or of one delivery. */
export interface Scope {
  /** Fires with the caller's signal, when the time is over, when the client is closed, and at `release()`. */
  readonly signal: AbortSignal;
  /** Ends whatever is still open under the signal, and forgets the outer ones. */
  release(): void;
}

/**
 * One signal for all parts of a call. Not AbortSignal.any: that keeps an entry per call in a caller's long-lived
 * signal.
 *
 * @param closed the client's end
 * @param what names the call in the time-out's message: "Execution 0199…"
 */
export function openScope(
  closed: AbortSignal,
  options: LongPollRequestOptions | undefined,
  what: string,
): Scope {
  const timeoutMs = options?.longPoll?.timeoutMs;
  if (timeoutMs !== undefined) checkTimeoutMs(timeoutMs, 'longPoll.timeoutMs');
  const controller = new AbortController();
  const outer = [options?.signal, closed].filter((signal) => signal != null);
  const onAbort = () => {
    const fired = outer.find((signal) => signal.aborted);
    if (fired) controller.abort(abortError(fired));
  };
  for (const signal of outer) signal.addEventListener('abort', onAbort, { once: true });
  onAbort();
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(
          () => controller.abort(timeIsOver(what, timeoutMs)),
          Math.min(timeoutMs, LONGEST_TIMER_MS),
        );
  return {
    signal: controller.signal,
    release() {
      clearTimeout(timer);
      for (const signal of outer) signal.removeEventListener('abort', onAbort);
      controller.abort();
    },
  };
}

/** @param name of the option, for the message */
export function checkTimeoutMs(timeoutMs: number, name: string): void {
  if (timeoutMs > 0) return;
  throw new NamedShellError(
    'invalid_request',
    `${name} must be above 0 ms, it is ${timeoutMs}. Leave it out to wait without limit.`,
  );
}

function timeIsOver(what: string, timeoutMs: number): NamedShellError {
  return new NamedShellError(
    'timeout',
    `${what} was not over within ${timeoutMs} ms (longPoll.timeoutMs). Nothing was ended: wait again, or kill the execution.`,
  );
}
