import { Backlog, type FoldLabel } from './backlog.ts';
import { endsLine } from './marks.ts';

export interface PumpOptions {
  /**
   * Puts text on the screen; whole lines. A promise is awaited before the next turn. A throw is the caller's: it
   * is not caught here.
   */
  readonly write: (text: string) => void | PromiseLike<void>;
  /** UTF-8 bytes per write; one line that is longer goes out alone. Default 32 KiB. */
  readonly maxBytesPerTurn?: number;
  /** UTF-8 bytes that may wait before the middle is folded. Default 1 MiB. */
  readonly backlogCapBytes?: number;
  /** How long, ms, producers are slowed down to the terminal's pace before they are let go. Default 2,000. */
  readonly patienceMs?: number;
  /** For how long, ms, an open fold is kept back before the latest lines are shown. Default 1,000. */
  readonly holdMs?: number;
  /** Lets the event loop see to keys before it calls back. Default setImmediate. */
  readonly yieldTurn?: (next: () => void) => void;
}

/**
 * Writes lines in the order they were given, a bounded amount per turn of the event loop, because a write to a
 * terminal blocks the loop and with it the keys.
 *
 * A terminal that cannot keep up is met in two steps. At first `ready()` slows the producers down, so that a burst
 * of some megabytes is shown whole. When that took longer than the patience, producers run at full speed, so that
 * a gigabyte does not take its time from the terminal and Ctrl-C is not followed by minutes of old output: what
 * is beyond the cap is folded. The fold stays open, and is counted up in one line, until the flood pauses or
 * something comes that may not be folded, as an exit line; in between the latest lines are shown after `holdMs`,
 * then after twice that, up to eight times.
 */
export interface Pump {
  /** @param lines whole lines, or marks alone. With `fold` they may be folded, into the line that it gives for their number. */
  write(lines: string, fold?: FoldLabel): void;
  /** Resolves when more may come: a producer that awaits it is not folded as long as patience lasts. */
  ready(): Promise<void>;
  /** Resolves when everything written so far is on the screen (folded lines as their one line). */
  idle(): Promise<void>;
}

/** A pause of the producer, ms, that counts as the end of a flood. */
const CALM_MS = 50;
const HOLD_GROWTH_MAX = 8;

export function createPump(options: PumpOptions): Pump {
  const { maxBytesPerTurn = 32 * 1024, backlogCapBytes = 1024 * 1024, patienceMs = 2000 } = options;
  const { holdMs = 1000, yieldTurn = setImmediate } = options;
  const backlog = new Backlog(maxBytesPerTurn, backlogCapBytes);
  const highWater = backlogCapBytes / 4;
  let sequence = 0;
  let written = 0;
  let scheduled = false;
  const readyWaiters: (() => void)[] = [];
  let idleWaiters: { sequence: number; resolve: () => void }[] = [];
  /** When the backlog last rose over the mark without having been empty since. */
  let behindSince: number | undefined;
  let lastInput = 0;
  let hold: { since: number; timer: NodeJS.Timeout } | undefined;
  let holdFor = holdMs;

  const outOfPatience = () => behindSince !== undefined && performance.now() - behindSince > patienceMs;

  function schedule(): void {
    if (scheduled || hold !== undefined) return;
    scheduled = true;
    yieldTurn(turn);
  }

  function turn(): void {
    const mayHold = backlog.foldIsOpen && idleWaiters.length === 0;
    if (mayHold && performance.now() - lastInput < CALM_MS) {
      scheduled = false;
      const since = performance.now();
      hold = { since, timer: setTimeout(checkHold, CALM_MS) };
      settle();
      return;
    }
    writeNext();
  }

  function writeNext(): void {
    const { text, last } = backlog.take(maxBytesPerTurn);
    written = last;
    const slow = options.write(text);
    if (slow === undefined) afterWrite();
    else void slow.then(afterWrite);
  }

  function afterWrite(): void {
    scheduled = false;
    if (backlog.empty) {
      behindSince = undefined;
      holdFor = holdMs;
    } else {
      schedule();
    }
    settle();
  }

  function checkHold(): void {
    if (hold === undefined) return;
    const now = performance.now();
    const due = now - hold.since >= holdFor;
    if (due || now - lastInput >= CALM_MS) {
      if (due) holdFor = Math.min(holdFor * 2, holdMs * HOLD_GROWTH_MAX);
      release();
    } else {
      hold.timer.refresh();
    }
  }

  /** Writes the fold as it is; what comes after it may open another. */
  function release(): void {
    if (hold === undefined) return;
    clearTimeout(hold.timer);
    hold = undefined;
    scheduled = true;
    yieldTurn(writeNext);
  }

  function settle(): void {
    if (backlog.bytes <= highWater || outOfPatience()) {
      for (const resolve of readyWaiters.splice(0)) resolve();
    }
    for (const waiter of idleWaiters) if (waiter.sequence <= written) waiter.resolve();
    idleWaiters = idleWaiters.filter((waiter) => waiter.sequence > written);
  }

  return {
    write(lines, fold) {
      if (lines === '') return;
      sequence++;
      lastInput = performance.now();
      backlog.push(endsLine(lines) ? lines : `${lines}\n`, fold, sequence);
      if (backlog.bytes > highWater) behindSince ??= lastInput;
      if (hold !== undefined && !backlog.foldIsOpen) release();
      schedule();
    },
    ready() {
      if (backlog.bytes <= highWater) return Promise.resolve();
      if (outOfPatience()) return new Promise((resolve) => yieldTurn(resolve));
      return new Promise((resolve) => readyWaiters.push(resolve));
    },
    idle() {
      if (sequence <= written) return Promise.resolve();
      return new Promise((resolve) => {
        idleWaiters.push({ sequence, resolve });
        release();
      });
    },
  };
}
