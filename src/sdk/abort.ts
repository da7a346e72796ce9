import { NamedShellError } from './errors.ts';

/** The error for a signal that fired. A reason that is an error of ours (a deadline's) is the error itself. */
export function abortError(signal: AbortSignal): NamedShellError {
  if (signal.reason instanceof NamedShellError) return signal.reason;
  return new NamedShellError(
    'aborted',
    'The call was ended by its AbortSignal. A command that was already launched goes on.',
    { cause: signal.reason },
  );
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortError(signal);
}

/** The promise's outcome, or the signal's error as soon as it fires. The promise itself goes on. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(abortError(signal));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Waits `ms`, or throws as soon as one of the signals fires. Keeps the process alive: work is going on. */
export function pause(ms: number, ...signals: (AbortSignal | undefined)[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const present = signals.filter((signal) => signal !== undefined);
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      for (const signal of present) signal.removeEventListener('abort', onAbort);
      settle();
    };
    const onAbort = () => {
      const fired = present.find((signal) => signal.aborted);
      if (fired) finish(() => reject(abortError(fired)));
    };
    const timer = setTimeout(() => finish(resolve), ms);
    for (const signal of present) signal.addEventListener('abort', onAbort, { once: true });
    onAbort();
  });
}
