import type { DevboxStatus, DevboxView } from '../../../api/devbox.ts';
import { endHome } from '../../engine/processes/end-home.ts';
import { StatusWaiters } from '../execution/status-waiters.ts';
import type { DevboxRecord } from '../journal/devbox-record.ts';
import { Refusal } from '../refusal.ts';
import type { CloseReason } from './close-reason.ts';
import { DevboxLimits } from './devbox-limits.ts';
import type { IdleClock } from './idle-clock.ts';
import { lifeTimes } from './life-times.ts';

/** Why a devbox was shut down. Source: `shutdown_reason` of the official client's `DevboxView`. */
export type ShutdownReason = 'api_shutdown' | 'idle' | 'ttl_expired';

export interface DevboxUpdate {
  /** Empty: no name any more. Unset: as it is. */
  readonly name?: string;
  /** In place of all there is. Unset: as it is. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface DevboxLifeOptions {
  readonly record: DevboxRecord;
  readonly home: string;
  readonly clock: IdleClock;
  /** Whether a command runs or waits. */
  readonly isBusy: () => boolean;
  /**
   * Closes every shell and cancels what waits.
   *
   * @param isOver nothing happens here any more
   */
  readonly end: (reason: CloseReason, isOver: boolean) => Promise<void>;
  /** Called when one of the times is over that its launch parameters gave it. */
  readonly onOver: (action: 'shutdown' | 'suspend', reason: 'idle' | 'ttl_expired') => void;
}

/** What a devbox is called, where it is in its life, and those who wait for it to be elsewhere. */
export class DevboxLife {
  readonly #options: DevboxLifeOptions;
  readonly #limits: DevboxLimits;
  #record: DevboxRecord;
  #suspending: Promise<void> | undefined;
  #shutdownReason: ShutdownReason | undefined;
  readonly #waiters = new StatusWaiters<DevboxStatus>(() => this.status);
  readonly #closed = new AbortController();

  constructor(options: DevboxLifeOptions) {
    const { record, clock, isBusy, onOver } = options;
    this.#options = options;
    this.#record = record;
    this.#limits = new DevboxLimits({ times: lifeTimes(record.launchParameters), clock, isBusy, onOver });
  }

  /** As it is to be kept for the next server. */
  get record(): DevboxRecord {
    return this.#record;
  }
  get status(): DevboxStatus {
    return this.#record.transitions.at(-1)?.status ?? 'running';
  }
  /** When it came to be what it is, Unix time, ms. */
  get #sinceMs(): number {
    return this.#record.transitions.at(-1)?.at ?? this.#record.createdAtMs;
  }

  /** Its times begin to count. */
  start(): void {
    if (this.status === 'running') this.#limits.start(this.#sinceMs);
  }

  /** Somebody uses it: its idle time begins anew. */
  used(): void {
    this.#limits.used();
  }

  /** @throws Refusal `devbox_not_running` */
  refuseUnlessRunning(): void {
    if (this.status === 'running') return;
    const then =
      this.status === 'shutdown'
        ? 'It runs nothing any more: create another'
        : 'It runs nothing before it is resumed';
    throw new Refusal(409, 'devbox_not_running', `Devbox ${this.#record.id} is ${this.status}. ${then}.`);
  }

  /**
   * Ends every process; what waits is cancelled. Nothing is accepted before `resume`. Its disk stays.
   *
   * @throws Refusal `devbox_not_running`
   */
  async suspend(): Promise<void> {
    if (this.status === 'suspended') return;
    if (this.#suspending === undefined) {
      this.refuseUnlessRunning();
      this.#suspending = this.#suspend().finally(() => {
        this.#suspending = undefined;
      });
    }
    await this.#suspending;
  }

  /** @throws Refusal `devbox_not_running` after a shutdown */
  async resume(): Promise<void> {
    await this.#suspending;
    if (this.status === 'suspended') {
      this.#become('running');
      this.start();
    }
    this.refuseUnlessRunning();
  }

  /** Ends every process; what waits is cancelled. Nothing is accepted afterwards. */
  async shutdown(reason: ShutdownReason): Promise<void> {
    this.#limits.stop();
    this.#become('shutdown', reason);
    await this.#options.end('devbox_shutdown', true);
    await endHome(this.#options.home);
  }

  /** The server ends, and every shell. The devbox is for the next server as it is. */
  async close(): Promise<void> {
    this.#limits.stop();
    this.#closed.abort();
    await this.#options.end('devbox_shutdown', true);
  }

  update({ name, metadata }: DevboxUpdate): void {
    const { name: before, ...rest } = this.#record;
    const now = name ?? before ?? '';
    this.#record = { ...rest, ...(now === '' ? {} : { name: now }), metadata: metadata ?? rest.metadata };
  }

  /**
   * @param timeoutMs how long to wait at most
   * @param signal ends the wait early
   * @returns whether it has one of `statuses` now; not when the wait ended with the server
   */
  async whenStatus(
    statuses: readonly DevboxStatus[],
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    const either = AbortSignal.any([signal, this.#closed.signal]);
    return (await this.#waiters.wait(statuses, timeoutMs, either)) && !this.#closed.signal.aborted;
  }

  view(): DevboxView {
    const { id, name, metadata, launchParameters, createdAtMs, transitions } = this.#record;
    return {
      id,
      name: name ?? null,
      status: this.status,
      capabilities: [],
      create_time_ms: createdAtMs,
      end_time_ms: this.status === 'shutdown' ? this.#sinceMs : null,
      launch_parameters: launchParameters,
      metadata: { ...metadata },
      state_transitions: transitions.map(({ status, at }) => ({ status, transition_time_ms: at })),
      ...(this.#shutdownReason === undefined ? {} : { shutdown_reason: this.#shutdownReason }),
    };
  }

  async #suspend(): Promise<void> {
    this.#limits.stop();
    this.#become('suspending');
    try {
      await this.#options.end('devbox_suspend', false);
      await endHome(this.#options.home);
    } catch (error) {
      if (this.status === 'suspending') this.#become('running');
      this.start();
      throw error;
    }
    // Shut down meanwhile, it stays so.
    if (this.status === 'suspending') this.#become('suspended');
  }

  #become(status: DevboxStatus, reason?: ShutdownReason): void {
    this.#shutdownReason = reason;
    const transitions = [...this.#record.transitions, { status, at: Date.now() }];
    this.#record = { ...this.#record, transitions };
    this.#waiters.wake();
  }
}
