import type { LogEntry } from '../../api/log.ts';
import type { Execution } from './execution.ts';
import { endOf, fits, type LogFilter, logsOf, startOf } from './logs.ts';
import type { Transition } from './transition.ts';

/** So many lines wait for a reader that does not read; then it is let go. */
const MOST_WAITING = 10_000;

interface Reader {
  readonly filter: LogFilter;
  readonly waiting: LogEntry[];
  wake: () => void;
}

/** The log of a devbox as it grows. */
export class LogFeed {
  readonly #readers = new Set<Reader>();
  #ended = false;

  happened(transition: Transition): void {
    if (this.#readers.size === 0) return;
    if (transition.kind === 'queued') this.#add(transition.execution, startOf(transition.execution));
    if (transition.kind === 'completed') this.#add(transition.execution, endOf(transition.execution));
  }

  /** Nothing will be added: all tails end. */
  end(): void {
    this.#ended = true;
    for (const { wake } of this.#readers) wake();
  }

  /**
   * What there is, then what comes, until the devbox has ended.
   *
   * @param executions of which the log tells so far
   * @param signal ends it
   * @throws Error when the reader is too slow
   */
  async *tail(
    executions: Iterable<Execution>,
    filter: LogFilter,
    signal: AbortSignal,
  ): AsyncGenerator<LogEntry, void> {
    // In one turn: no line is missed or told twice between the two.
    const reader: Reader = { filter, waiting: logsOf(executions, filter), wake: () => undefined };
    this.#readers.add(reader);
    const wake = () => reader.wake();
    signal.addEventListener('abort', wake);
    try {
      for (;;) {
        yield* reader.waiting.splice(0);
        if (signal.aborted) return;
        if (!this.#readers.has(reader)) throw new Error('The reader of the log was too slow.');
        if (reader.waiting.length > 0) continue;
        if (this.#ended) return;
        await new Promise<void>((resolve) => {
          reader.wake = resolve;
        });
      }
    } finally {
      this.#readers.delete(reader);
      signal.removeEventListener('abort', wake);
    }
  }

  #add(execution: Execution, entry: LogEntry | undefined): void {
    for (const reader of this.#readers) {
      if (entry === undefined || !fits(execution, reader.filter)) continue;
      reader.waiting.push(entry);
      if (reader.waiting.length > MOST_WAITING) this.#readers.delete(reader);
      reader.wake();
    }
  }
}
