import type { LogEntry } from '../../../api/log.ts';
import type { Execution } from '../execution/execution.ts';
import type { Transition } from '../transition.ts';
import { endOf, fits, type LogFilter, logsOf, startOf } from './logs.ts';

/** So many commands wait for a reader that does not read; then it is let go. */
const MOST_WAITING = 10_000;

interface Reader {
  readonly filter: LogFilter;
  /** In their order; what a command has printed is being read. */
  readonly waiting: Promise<LogEntry[]>[];
  wake: () => void;
}

/** The log of a devbox as it grows. */
export class LogFeed {
  readonly #readers = new Set<Reader>();
  #ended = false;

  happened(transition: Transition): void {
    if (this.#readers.size === 0) return;
    if (transition.kind !== 'queued' && transition.kind !== 'completed') return;
    const { kind, execution } = transition;
    for (const reader of this.#readers) {
      if (!fits(execution, reader.filter)) continue;
      add(reader, kind === 'queued' ? Promise.resolve([startOf(execution)]) : endOf(execution));
      if (reader.waiting.length > MOST_WAITING) this.#readers.delete(reader);
      reader.wake();
    }
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
    const reader: Reader = { filter, waiting: [], wake: () => undefined };
    add(reader, logsOf(executions, filter));
    this.#readers.add(reader);
    const wake = () => reader.wake();
    signal.addEventListener('abort', wake);
    try {
      for (;;) {
        for (let next = reader.waiting.shift(); next !== undefined; next = reader.waiting.shift())
          yield* await next;
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
}

function add({ waiting }: Reader, lines: Promise<LogEntry[]>): void {
  // A failure is the reader's when it comes to it; one that has gone does not.
  lines.catch(() => undefined);
  waiting.push(lines);
}
