import { listProcesses, readProcess } from './process-table.ts';
import { sendSignal } from './send-signal.ts';

const FIRST_LOOK_MS = 1000;
const SLOWEST_LOOK_MS = 5000;
/** bash answers within a millisecond; this allows for a machine that is badly overloaded. */
const SILENCE_LIMIT_MS = 15_000;

/**
 * Looks after a shell that owes an answer. A stopped bash (`suspend`, `kill -STOP $$`) would never give it: it is
 * continued. One that does not begin at all (a function named `builtin`, `set -r`) is given up.
 */
export class Watchdog {
  readonly #bashPid: number;
  readonly #silent: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** `silent`: bash has given no answer for 15 s though it was not stopped. */
  constructor(bashPid: number, silent: () => void) {
    this.#bashPid = bashPid;
    this.#silent = silent;
  }

  /** `answered` is asked later, when the limit is reached. */
  start(answered: () => boolean): void {
    this.stop();
    this.#lookIn(FIRST_LOOK_MS, Date.now() + SILENCE_LIMIT_MS, answered);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #lookIn(ms: number, limit: number, answered: () => boolean): void {
    const timer = setTimeout(async () => {
      const stopped = (await processState(this.#bashPid)) === 'T';
      if (this.#timer !== timer) return;
      if (stopped) sendSignal(this.#bashPid, 'SIGCONT');
      else if (Date.now() > limit && !answered()) return this.#silent();
      this.#lookIn(Math.min(ms * 2, SLOWEST_LOOK_MS), limit, answered);
    }, ms);
    this.#timer = timer;
  }
}

async function processState(pid: number): Promise<string | undefined> {
  const row = readProcess(pid);
  if (row) return row.state;
  try {
    return (await listProcesses()).find((process) => process.pid === pid)?.state;
  } catch {
    return undefined; // no /proc and no ps: nothing can be said, and the silence limit still holds
  }
}
