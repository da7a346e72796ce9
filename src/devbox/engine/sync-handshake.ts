import { syncLine } from './bootstrap.ts';
import { sendSignal } from './send-signal.ts';

const RETRY_MS = 40;
const SLOWEST_RETRY_MS = 1000;
const LIMIT_MS = 15_000;

/**
 * Keeps step with bash after a SIGINT. The signal may throw bash out of whatever line it is at, the end marker's too, and
 * may do so late. So after each one the shell counts as dirty until bash has answered a line that was written after it.
 * Without this, random-time interrupts lose step within some hundred tries.
 */
export class SyncHandshake {
  readonly #statusPath: string;
  readonly #write: (line: string) => void;
  #next = 1;
  /** Answers from this number on show that the last signal has had its effect. */
  #cleanFrom = 0;
  #commandFrom = 1;
  #dirty = false;
  #timer: NodeJS.Timeout | undefined;
  #whenClean: PromiseWithResolvers<void> | undefined;

  constructor(statusPath: string, write: (line: string) => void) {
    this.#statusPath = statusPath;
    this.#write = write;
  }

  get clean(): boolean {
    return !this.#dirty;
  }

  /** Never resolves once the shell has ended: its running command is told of that. */
  whenClean(): Promise<void> {
    if (!this.#dirty) return Promise.resolve();
    this.#whenClean ??= Promise.withResolvers();
    return this.#whenClean.promise;
  }

  interrupt(bashPid: number): void {
    this.#dirty = true;
    this.#cleanFrom = this.#next;
    sendSignal(-bashPid, 'SIGINT');
  }

  ask(): void {
    this.#write(syncLine(this.#next++, this.#statusPath));
  }

  /** Answers to lines that were written before this are not about the command. */
  commandSent(): void {
    this.#commandFrom = this.#next;
  }

  /** True when the answer shows that bash has left the current command. */
  answered(number: number): boolean {
    if (number >= this.#cleanFrom) {
      this.#dirty = false;
      clearTimeout(this.#timer);
      this.#whenClean?.resolve();
      this.#whenClean = undefined;
    }
    return number >= this.#commandFrom;
  }

  /** Asks until bash answers. No signals: the foreground is over, and they could only meet a background job. */
  start(gaveUp: () => void): void {
    clearTimeout(this.#timer);
    if (!this.#dirty) return;
    const limit = Date.now() + LIMIT_MS;
    const retry = (ms: number) => {
      if (Date.now() > limit) return gaveUp();
      this.ask();
      this.#timer = setTimeout(() => retry(Math.min(ms * 1.5, SLOWEST_RETRY_MS)), ms);
    };
    retry(RETRY_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
