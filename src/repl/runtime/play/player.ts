import { setTimeout } from 'node:timers/promises';
import type { KeyEvent } from '../../editor/key-event.ts';
import type { ReplState } from '../../state/state.ts';
import { createKeyParser } from '../keys/read-keys-parser.ts';
import type { Store } from '../store.ts';
import type { Pace } from './pace.ts';
import type { PlayStep } from './script.ts';

/** What a player works with: the REPL itself. */
export interface PlayerContext {
  readonly store: Store;
  /** Resolves when the key, and those before it, were handed over. */
  readonly type: (key: KeyEvent) => Promise<void>;
  readonly comment: (text: string) => void;
  /** Resolves when all that was printed so far is on the screen. */
  readonly printed: () => Promise<void>;
  readonly pace: Pace;
  /** Stops it. */
  readonly signal: AbortSignal;
}

export type PlayEnd =
  | { readonly kind: 'played' }
  /** `reason`: a sentence; undefined: somebody stopped it. */
  | { readonly kind: 'stopped'; readonly line: number; readonly reason: string | undefined };

/** Types a script into the REPL, key by key, as a person would: what is seen is the real thing. */
export async function play(steps: readonly PlayStep[], context: PlayerContext): Promise<PlayEnd> {
  const player = new Player(context);
  let line = steps[0]?.line ?? 1;
  try {
    await player.rest(context.pace.begin());
    for (const step of steps) {
      line = step.line;
      await player.take(step);
      if (context.store.state().leaving) break;
    }
    await player.settled();
    return { kind: 'played' };
  } catch (error) {
    if (error instanceof CannotGoOnError) return { kind: 'stopped', line, reason: error.message };
    if (context.signal.aborted) return { kind: 'stopped', line, reason: undefined };
    throw error;
  }
}

class CannotGoOnError extends Error {}

const ENTER = '\r';

class Player {
  readonly #context: PlayerContext;
  readonly #parser = createKeyParser();

  constructor(context: PlayerContext) {
    this.#context = context;
  }

  async take(step: PlayStep): Promise<void> {
    const { store, pace, comment } = this.#context;
    const isInCommand = store.state().editor.buffer.text !== '';
    switch (step.kind) {
      case 'line':
        return this.#line(step.text, step.noWait);
      case 'comment':
        // Within a command of several lines it is a part of that.
        if (isInCommand) return this.#line(step.text, true);
        comment(step.text);
        return this.rest(pace.read(step.text));
      case 'blank':
        if (isInCommand) await this.#keys(ENTER);
        return;
      case 'type':
        return this.#text(step.text);
      case 'keys':
        for (const key of step.keys) {
          await this.rest(pace.enter());
          await this.#context.type(key);
        }
        return;
      case 'pause':
        return this.rest(pace.pause(step.ms));
      case 'wait':
        return this.settled();
    }
  }

  /** Resolves when nothing runs or waits, and all of it is on the screen. */
  async settled(): Promise<void> {
    const { printed, pace } = this.#context;
    const state = await this.#until(({ entries, hold, leaving }) => {
      return entries.length === 0 || hold !== undefined || leaving;
    });
    if (state.hold !== undefined) throw new CannotGoOnError(`lines are held: ${state.hold.reason}`);
    await printed();
    await this.rest(pace.look());
  }

  async rest(ms: number): Promise<void> {
    const { signal } = this.#context;
    signal.throwIfAborted();
    if (ms > 0) await setTimeout(ms, undefined, { signal });
  }

  async #line(text: string, noWait: boolean): Promise<void> {
    const { store, pace } = this.#context;
    await this.#text(text);
    await this.rest(pace.enter());
    const isInput = store.state().inputTo !== undefined;
    await this.#keys(ENTER);
    // An unfinished command goes on in the next line; what a program reads ends nothing.
    const isUnfinished = store.state().editor.buffer.text !== '';
    if (!noWait && !isInput && !isUnfinished) await this.settled();
  }

  async #text(text: string): Promise<void> {
    let before: string | undefined;
    for (const { segment } of new Intl.Segmenter().segment(text)) {
      await this.rest(this.#context.pace.key(segment, before));
      await this.#keys(segment);
      before = segment;
    }
  }

  /** The way that the bytes of a keyboard take. */
  async #keys(text: string): Promise<void> {
    if (text === '\t') return this.#context.type({ type: 'text', text });
    for (const key of this.#parser.feed(Buffer.from(text))) await this.#context.type(key);
  }

  /** @throws what the signal has as its reason */
  async #until(holds: (state: ReplState) => boolean): Promise<ReplState> {
    const { store, signal } = this.#context;
    signal.throwIfAborted();
    if (holds(store.state())) return store.state();
    const { promise, resolve, reject } = Promise.withResolvers<ReplState>();
    const off = store.subscribe(() => {
      if (holds(store.state())) resolve(store.state());
    });
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await promise;
    } finally {
      off();
      signal.removeEventListener('abort', stop);
    }
  }
}
