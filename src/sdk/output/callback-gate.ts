import type { OutputStreamName } from '../../api/execution.ts';
import { abortable, throwIfAborted } from '../abort.ts';
import type { ExecuteStreamingCallbacks, OutputCallback } from '../options.ts';

/**
 * Calls an execution's callbacks one at a time, over both streams: a promise that one returns is awaited before the
 * next chunk. A callback that throws is called no more and does not disturb the others.
 */
export class CallbackGate {
  readonly #receivers: Readonly<Record<OutputStreamName, readonly OutputCallback[]>>;
  readonly #signal: AbortSignal;
  readonly #failed = new Map<OutputCallback, unknown>();
  #running: Promise<void> = Promise.resolve();

  constructor({ stdout, stderr, output }: ExecuteStreamingCallbacks, signal: AbortSignal) {
    const present = (...callbacks: (OutputCallback | undefined)[]) =>
      callbacks.filter((callback) => callback !== undefined);
    this.#receivers = { stdout: present(stdout, output), stderr: present(stderr, output) };
    this.#signal = signal;
  }

  /** Whether anyone still listens to the stream. */
  wants(stream: OutputStreamName): boolean {
    return this.#receivers[stream].some((receiver) => !this.#failed.has(receiver));
  }

  /**
   * Hands a chunk out, behind those that are under way.
   *
   * @throws NamedShellError when the signal fires, also while a callback's promise is open
   */
  hand(stream: OutputStreamName, text: string): Promise<void> {
    const before = this.#running;
    this.#running = before.then(() => this.#call(stream, text));
    return this.#running;
  }

  /** @throws what the first failed callback threw */
  throwFailure(): void {
    for (const error of this.#failed.values()) throw error;
  }

  async #call(stream: OutputStreamName, text: string): Promise<void> {
    for (const receiver of this.#receivers[stream]) {
      if (this.#failed.has(receiver)) continue;
      throwIfAborted(this.#signal);
      const taken = invoke(receiver, text);
      const outcome = taken instanceof Promise ? await abortable(taken, this.#signal) : taken;
      if (outcome) this.#failed.set(receiver, outcome.thrown);
    }
  }
}

type Outcome = { readonly thrown: unknown } | undefined;

/** What the callback threw, or its promise rejected with. No promise when it returned none: chunks are many. */
function invoke(receiver: OutputCallback, text: string): Outcome | Promise<Outcome> {
  try {
    const returned = receiver(text);
    if (!isThenable(returned)) return undefined;
    return Promise.resolve(returned).then(
      () => undefined,
      (thrown: unknown) => ({ thrown }),
    );
  } catch (thrown) {
    return { thrown };
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
