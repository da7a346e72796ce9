import type { LendTerminal } from '../repl/runtime/terminal/run-at-terminal.ts';

/** How long a process that stops may take to be stopped, ms. It has stopped nothing when it still runs then. */
const STOPS_WITHIN_MS = 200;

export interface Suspender {
  /**
   * Gives the terminal back and stops this process with its group, as Ctrl-Z does. Resolves when it goes on.
   *
   * @returns false when there is no shell with job control to stop for: the system ignores the stop
   */
  readonly suspend: () => Promise<boolean>;
  readonly off: () => void;
}

/**
 * Ctrl-Z and `fg`, also as signals from elsewhere.
 *
 * @param awoke called when the process goes on that was stopped without being asked (SIGSTOP): the shell has changed the
 * terminal's modes meanwhile
 */
export function createSuspender(lend: LendTerminal, awoke: () => void): Suspender {
  let suspending = false;
  const suspend = async () => {
    if (suspending) return true;
    suspending = true;
    try {
      let stopped = false;
      await lend(async () => {
        stopped = await stop();
      });
      return stopped;
    } finally {
      suspending = false;
    }
  };
  const stop = async () => {
    const { promise: goesOn, resolve } = Promise.withResolvers<boolean>();
    const onContinue = () => resolve(true);
    process.once('SIGCONT', onContinue);
    // With a listener the signal would not stop this process.
    process.off('SIGTSTP', onStop);
    process.kill(0, 'SIGTSTP');
    // Time stands still for a stopped process: a signal that ended the stop is read before the timer's turn ends.
    setTimeout(() => setImmediate(() => setImmediate(() => resolve(false))), STOPS_WITHIN_MS);
    const stopped = await goesOn;
    process.off('SIGCONT', onContinue);
    process.on('SIGTSTP', onStop);
    return stopped;
  };
  const onStop = () => void suspend();
  const onUnasked = () => {
    if (!suspending) awoke();
  };
  process.on('SIGTSTP', onStop);
  process.on('SIGCONT', onUnasked);
  return {
    suspend,
    off() {
      process.off('SIGTSTP', onStop);
      process.off('SIGCONT', onUnasked);
    },
  };
}
