import type { OutputStreamName } from '../../api/execution.ts';
import { abortable, throwIfAborted } from '../abort.ts';
import type { ExecuteStreamingCallbacks } from '../options.ts';
import type { OutputGap } from './output-gap.ts';

/**
 * Calls an execution's callbacks, each one at a time: a promise that one returns is awaited before it is called again,
 * and before its stream goes on; a stream that has other callbacks does not wait for it. A callback that throws is
 * called no more and does not disturb the others.
 */
export class CallbackGate {
  readonly #receivers: Readonly<Record<OutputStreamName, readonly Receiver<string>[]>>;
  readonly #onGap: Receiver<OutputGap> | undefined;
  readonly #all: readonly Receiver<never>[];

  constructor({ stdout, stderr, output, onGap }: ExecuteStreamingCallbacks, signal: AbortSignal) {
    // The same function given twice is one callback: it is called one at a time too.
    const receivers = new Map<Callback<string>, Receiver<string>>();
    const receiversOf = (...callbacks: (Callback<string> | undefined)[]) =>
      callbacks
        .filter((callback) => callback !== undefined)
        .map((callback) => {
          const receiver = receivers.get(callback) ?? new Receiver(callback, signal);
          receivers.set(callback, receiver);
          return receiver;
        });
    this.#receivers = { stdout: receiversOf(stdout, output), stderr: receiversOf(stderr, output) };
    this.#onGap = onGap && new Receiver(onGap, signal);
    this.#all = [...receivers.values(), ...(this.#onGap ? [this.#onGap] : [])];
  }

  /** Whether anyone still listens to the stream. */
  wants(stream: OutputStreamName): boolean {
    return this.#receivers[stream].some((receiver) => !receiver.hasFailed);
  }

  /**
   * Hands a chunk out.
   *
   * @returns what to wait for before the next one; undefined where no callback returned a promise: chunks are many
   * @throws NamedShellError when the signal fires, also while a callback's promise is open
   */
  hand(stream: OutputStreamName, text: string): Promise<unknown> | undefined {
    const open = this.#receivers[stream].map((receiver) => receiver.take(text)).filter(Boolean);
    return open.length < 2 ? open[0] : Promise.all(open);
  }

  /** @returns false when nobody is there to be told of gaps */
  async tellGap(gap: OutputGap): Promise<boolean> {
    await this.#onGap?.take(gap);
    return this.#onGap !== undefined;
  }

  /** @throws what the first failed callback threw */
  throwFailure(): void {
    for (const receiver of this.#all) receiver.throwFailure();
  }
}

type Callback<T> = (value: T) => unknown;

class Receiver<T> {
  readonly #callback: Callback<T>;
  readonly #signal: AbortSignal;
  #failure: { readonly thrown: unknown } | undefined;
  /** The call that is under way. */
  #busy: Promise<void> | undefined;

  constructor(callback: Callback<T>, signal: AbortSignal) {
    this.#callback = callback;
    this.#signal = signal;
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  throwFailure(): void {
    if (this.#failure) throw this.#failure.thrown;
  }

  take(value: T): Promise<void> | undefined {
    if (this.#busy) return this.#busy.then(() => this.take(value));
    throwIfAborted(this.#signal);
    if (this.#failure) return undefined;
    try {
      const returned = this.#callback(value);
      if (isThenable(returned)) return this.#wait(returned);
    } catch (thrown) {
      this.#failure = { thrown };
    }
    return undefined;
  }

  #wait(returned: PromiseLike<unknown>): Promise<void> {
    const settled = Promise.resolve(returned).then(
      () => undefined,
      (thrown: unknown) => {
        this.#failure = { thrown };
      },
    );
    const taken = abortable(settled, this.#signal).finally(() => {
      this.#busy = undefined;
    });
    this.#busy = taken;
    return taken;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
