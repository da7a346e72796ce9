import type { IdleClock, Idler } from './idle-clock.ts';
import type { LifeTimes } from './life-times.ts';

export interface DevboxLimitsOptions {
  readonly times: LifeTimes;
  readonly clock: IdleClock;
  /** Whether a command runs or waits. */
  readonly isBusy: () => boolean;
  /** Called when a time is over. It does not run again before `start`. */
  readonly onOver: (action: 'shutdown' | 'suspend', reason: 'idle' | 'ttl_expired') => void;
}

/**
 * Watches the times that a devbox was given at its creation. They run while it does. Idle is a devbox in which no command
 * runs or waits; `used` begins that time anew, the time to live goes on whatever happens.
 */
export class DevboxLimits implements Idler {
  readonly #options: DevboxLimitsOptions;
  readonly #isLimited: boolean;
  #startedMs: number | undefined;
  #usedMs = 0;

  constructor(options: DevboxLimitsOptions) {
    this.#options = options;
    this.#isLimited = Object.keys(options.times).length > 0;
  }

  get idleUntilMs(): number | undefined {
    const { times, isBusy } = this.#options;
    if (this.#startedMs === undefined) return undefined;
    if (times.afterIdle !== undefined) return isBusy() ? undefined : this.#usedMs + times.afterIdle.idleMs;
    return times.timeToLiveMs === undefined ? undefined : this.#startedMs + times.timeToLiveMs;
  }

  /** @param sinceMs when it began to run, Unix time, ms: may have been under an earlier server */
  start(sinceMs: number): void {
    this.#startedMs = performance.now() - (Date.now() - sinceMs);
    this.used();
  }

  stop(): void {
    this.#startedMs = undefined;
    this.#options.clock.forget(this);
  }

  used(): void {
    this.#usedMs = performance.now();
    if (this.#isLimited && this.#startedMs !== undefined) this.#options.clock.watch(this);
  }

  expire(): void {
    this.#startedMs = undefined;
    const { times, onOver } = this.#options;
    if (times.afterIdle !== undefined) onOver(times.afterIdle.onIdle, 'idle');
    else onOver('shutdown', 'ttl_expired');
  }
}
