import { syncLine } from './bash/bootstrap.ts';
import { sendSignal } from './processes/send-signal.ts';

/**
 * Keeps step with bash after a SIGINT. The signal may throw bash out of whatever line it is at, the end marker's too. Or
 * bash drops the command just after forking its child, writes the end marker, and only then waits for that child. So
 * an interrupted command is over when bash has answered a line that was written after the last signal, not before.
 * Without this, random-time interrupts lose step within some hundred tries.
 */
export class SyncHandshake {
  readonly #write: (line: string) => void;
  #next = 1;
  /** Answers from this number on are about the current command, and show that the last signal has had its effect. */
  #countsFrom = 1;
  #clean = true;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /**
   * Another server may have sent signals. Its questions may still be answered, so ours have numbers that it cannot have
   * reached.
   */
  adopt(): void {
    this.#next = Date.now();
    this.#countsFrom = this.#next;
    this.#clean = false;
  }

  /** No signal was sent since bash was last known to be at top level: the end marker alone can be trusted. */
  get clean(): boolean {
    return this.#clean;
  }

  commandSent(): void {
    this.#countsFrom = this.#next;
  }

  /**
   * To bash alone, not to its group: a child that it has just forked still has its handlers, and would become a second
   * bash that reads our lines.
   */
  interrupt(bashPid: number): void {
    this.#clean = false;
    this.#countsFrom = this.#next;
    sendSignal(bashPid, 'SIGINT');
  }

  /** Harmless at any time: bash answers when it gets to it. */
  ask(): void {
    this.#write(syncLine(this.#next++));
  }

  /** True when the answer shows that bash has left the current command. */
  answered(number: number): boolean {
    if (number < this.#countsFrom) return false;
    this.#clean = true;
    return true;
  }
}
