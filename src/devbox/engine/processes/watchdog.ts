import { statSync } from 'node:fs';
import type { NewestChild } from './newest-child.ts';
import { listProcesses, readProcess } from './process-table.ts';
import { sendSignal } from './send-signal.ts';

const FIRST_LOOK_MS = 1000;
const SLOWEST_LOOK_MS = 5000;

export interface WatchdogOptions {
  bashPid: number;
  controlPath: string;
  /** How long bash may owe an answer, in ms. */
  limitMs: number;
  /** bash is back at top level, yet no end marker came: it may have been lost. */
  ask: () => void;
  /** bash has owed an answer for longer than the limit, though it was not stopped. */
  silent: () => void;
}

/**
 * Looks now and then after a shell that runs a command. A stopped bash (`suspend`, `kill -STOP $$`) would wait for ever:
 * it is continued. One that does not begin, or sits at its prompt without having reported the end (a function named
 * `builtin`, `set -r`), is given up.
 */
export class Watchdog {
  readonly #options: WatchdogOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  start(hasBegun: () => boolean, newestChild: NewestChild): void {
    this.stop();
    this.#lookIn(FIRST_LOOK_MS, undefined, hasBegun, newestChild);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #lookIn(
    ms: number,
    owedSince: number | undefined,
    hasBegun: () => boolean,
    newestChild: NewestChild,
  ): void {
    const { bashPid, limitMs, ask, silent } = this.#options;
    const timer = setTimeout(async () => {
      const stopped = (await processState(bashPid)) === 'T';
      // An interrupt can leave bash at its prompt and waiting for the child all the same.
      const waits = hasBegun() && (await newestChild().catch(() => undefined)) !== undefined;
      if (this.#timer !== timer) return;
      let since: number | undefined;
      if (stopped) {
        sendSignal(bashPid, 'SIGCONT');
      } else if (!waits && (!hasBegun() || this.#isAtPrompt())) {
        since = owedSince ?? Date.now();
        if (Date.now() - since > limitMs) return silent();
        ask();
      }
      this.#lookIn(Math.min(ms * 2, SLOWEST_LOOK_MS), since, hasBegun, newestChild);
    }, ms);
    this.#timer = timer;
  }

  /** A command's stdin is never the control FIFO, so bash has that only outside of commands. Unknown without /proc. */
  #isAtPrompt(): boolean {
    try {
      return statSync(`/proc/${this.#options.bashPid}/fd/0`).ino === statSync(this.#options.controlPath).ino;
    } catch {
      return false;
    }
  }
}

async function processState(pid: number): Promise<string | undefined> {
  const row = readProcess(pid);
  if (row) return row.state;
  try {
    return (await listProcesses()).find((process) => process.pid === pid)?.state;
  } catch {
    return undefined; // no /proc and no ps: nothing can be said, and the limit still holds
  }
}
