import type { ShellEvent } from '../../../api/extension/shell-event.ts';
import { encodeEvent } from '../../../api/sse/encode.ts';

/** An event as it happened, before it has its number and time. */
export type NewEvent = ShellEvent extends infer Event
  ? Event extends ShellEvent
    ? { [Key in keyof Event as Key extends 'seq' | 'time_ms' ? never : Key]: Event[Key] }
    : never
  : never;

interface Entry {
  readonly seq: number;
  readonly shellName: string;
  readonly event: object;
  /** About how many bytes holding it costs. */
  readonly weight: number;
  /** Made when first read, and shared by all readers. */
  text: string | undefined;
  /** A later one says all that it said. */
  superseded: boolean;
}

interface Waiter {
  readonly shellName: string | undefined;
  /** The number before the event that woke it. */
  from: number;
  readonly wake: () => void;
}

export interface EventLogLimits {
  readonly events: number;
  readonly bytes: number;
}

const LIMITS: EventLogLimits = { events: 10_000, bytes: 8 * 1024 * 1024 };
/** What an event costs beside its long texts, bytes. */
const EVENT_WEIGHT = 500;
/** Most text handed out at once, UTF-16 units: what a reader that then gets stuck costs. */
const BATCH = 64 * 1024;

/**
 * The latest events of one devbox, in order, for any number of readers. A reader is a number, that of the last event
 * it had: nothing is kept for it, so one that is stuck costs and slows nothing. When it reads on and what it missed
 * is no longer held, it is told so.
 */
export class EventLog {
  readonly #limits: EventLogLimits;
  #entries: (Entry | undefined)[] = [];
  /** Entries before this one were dropped. */
  #head = 0;
  #superseded = 0;
  #bytes = 0;
  /** The time as a base: no server that starts later uses a number again (1,000 a millisecond are left to use). */
  #seq = Date.now() * 1000;
  /** Of the latest event that was dropped. */
  #droppedSeq = this.#seq;
  #ended = false;
  readonly #waiting = new Map<string | undefined, Set<Waiter>>();
  #woken: Waiter[] = [];

  constructor(limits: EventLogLimits = LIMITS) {
    this.#limits = limits;
  }

  /** The number of the latest event. */
  get seq(): number {
    return this.#seq;
  }
  /** No more will come. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * @param textLength of its long texts, UTF-16 units
   * @returns a way to drop it as soon as another says all that it says
   */
  publish(event: Exclude<NewEvent, { type: 'snapshot' }>, textLength = 0): () => void {
    this.#seq += 1;
    const seq = this.#seq;
    const entry: Entry = {
      seq,
      shellName: event.shell_name,
      event: { seq, time_ms: Date.now(), ...event },
      weight: EVENT_WEIGHT + 2 * textLength,
      text: undefined,
      superseded: false,
    };
    this.#entries.push(entry);
    this.#bytes += entry.weight;
    while (this.#isOverLimit()) this.#dropOldest();
    this.#wake(event.shell_name);
    return () => this.#supersede(entry);
  }

  /**
   * The events after number `seq`, of one shell or of all, as server-sent events: at most about 64 KiB of them.
   *
   * @returns the number to go on from; `missed` when some were dropped
   */
  after(seq: number, shellName: string | undefined): { text: string; seq: number } | 'missed' {
    if (seq < this.#droppedSeq || seq > this.#seq) return 'missed';
    let text = '';
    for (let index = this.#indexAfter(seq); index < this.#entries.length; index++) {
      const entry = this.#entries[index];
      if (entry === undefined || entry.superseded) continue;
      if (shellName !== undefined && shellName !== entry.shellName) continue;
      if (text.length >= BATCH) return { text, seq: entry.seq - 1 };
      entry.text ??= `id: ${entry.seq}\n${encodeEvent(entry.event)}`;
      text += entry.text;
    }
    return { text, seq: this.#seq };
  }

  /**
   * Waits for the next event, for a reader that has had all.
   *
   * @returns the number to go on from: events of other shells meanwhile are no loss, however many they were
   */
  async next(shellName: string | undefined, signal: AbortSignal): Promise<number> {
    if (this.#ended || signal.aborted) return this.#seq;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter: Waiter = { shellName, from: this.#seq, wake: resolve };
    const waiters = this.#waiting.get(shellName) ?? new Set();
    this.#waiting.set(shellName, waiters.add(waiter));
    signal.addEventListener('abort', resolve as () => void, { once: true });
    await promise;
    signal.removeEventListener('abort', resolve as () => void);
    if (signal.aborted) this.#forget(waiter);
    return waiter.from;
  }

  /** The devbox is gone: readers end when they have read all. */
  end(): void {
    this.#ended = true;
    for (const shellName of [...this.#waiting.keys()]) this.#collect(shellName, this.#seq);
  }

  #wake(shellName: string): void {
    this.#collect(shellName, this.#seq - 1);
    this.#collect(undefined, this.#seq - 1);
  }

  /** In a turn of its own, so that what happens in one go is read in one go. */
  #collect(shellName: string | undefined, from: number): void {
    const waiters = this.#waiting.get(shellName);
    if (waiters === undefined) return;
    this.#waiting.delete(shellName);
    if (this.#woken.length === 0) setImmediate(() => this.#wakeCollected());
    for (const waiter of waiters) {
      waiter.from = from;
      this.#woken.push(waiter);
    }
  }

  #wakeCollected(): void {
    const woken = this.#woken;
    this.#woken = [];
    for (const waiter of woken) waiter.wake();
  }

  #forget(waiter: Waiter): void {
    const waiters = this.#waiting.get(waiter.shellName);
    if (waiters?.delete(waiter) === true && waiters.size === 0) this.#waiting.delete(waiter.shellName);
  }

  #isOverLimit(): boolean {
    const count = this.#entries.length - this.#head;
    return count > 1 && (count > this.#limits.events || this.#bytes > this.#limits.bytes);
  }

  #dropOldest(): void {
    // What was superseded is no loss, but takes a place; with many of them, only they go.
    if (this.#superseded > this.#limits.events / 2) {
      this.#entries = this.#entries.filter((entry) => entry?.superseded === false);
      this.#head = 0;
      this.#superseded = 0;
      return;
    }
    const oldest = this.#entries[this.#head];
    if (oldest === undefined) return;
    this.#entries[this.#head] = undefined;
    this.#head += 1;
    if (oldest.superseded) {
      this.#superseded -= 1;
    } else {
      this.#bytes -= oldest.weight;
      this.#droppedSeq = oldest.seq;
    }
    // What was dropped cannot be superseded any more.
    oldest.superseded = true;
    // Rarely, so that giving back the front of the array costs little for each event.
    if (this.#head <= this.#limits.events) return;
    this.#entries = this.#entries.slice(this.#head);
    this.#head = 0;
  }

  #supersede(entry: Entry): void {
    if (entry.superseded) return;
    entry.superseded = true;
    this.#superseded += 1;
    this.#bytes -= entry.weight;
  }

  /** By halving: numbers grow, but not by one in what is left. */
  #indexAfter(seq: number): number {
    let low = this.#head;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle]?.seq ?? 0) <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
