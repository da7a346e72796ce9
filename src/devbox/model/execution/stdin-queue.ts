import type { RunningCommand } from '../../engine/bash-session.ts';
import { Refusal } from '../refusal.ts';

/** Input that may wait for a command that does not read, UTF-16 units, before a sender has to wait with it. */
const MAX_PENDING = 1024 * 1024;

type Item = { readonly text: string } | 'eof';

/**
 * The input of one command in the order it was sent. It may come before the command runs, and a command may be slow
 * to read or never read at all: senders are only held back when much is pending.
 */
export class StdinQueue {
  #items: Item[] = [];
  #pending = 0;
  #closed = false;
  #running: RunningCommand | undefined;
  #draining: Promise<void> | undefined;

  attach(running: RunningCommand): void {
    this.#running = running;
    this.#drain();
  }

  /** @throws Refusal `stdin_closed`, or `stdin_full` when too much waits for a command that has not begun */
  async write(text: string): Promise<void> {
    this.#refuseWhenClosed();
    if (this.#running === undefined && this.#pending + text.length > MAX_PENDING) {
      throw new Refusal(
        409,
        'stdin_full',
        `More than ${MAX_PENDING} characters of input wait for a command that has not begun. Send them when it runs.`,
      );
    }
    this.#items.push({ text });
    this.#pending += text.length;
    this.#drain();
    while (this.#pending > MAX_PENDING && this.#draining !== undefined) await this.#draining;
  }

  /** @throws Refusal `stdin_closed` */
  close(): void {
    this.#refuseWhenClosed();
    this.#closed = true;
    this.#items.push('eof');
    this.#drain();
  }

  #refuseWhenClosed(): void {
    if (!this.#closed) return;
    throw new Refusal(
      409,
      'stdin_closed',
      'The command takes no more input: EOF was sent before, or it closed its stdin.',
    );
  }

  #drain(): void {
    if (this.#running === undefined || this.#draining !== undefined) return;
    this.#draining = this.#hand(this.#running).finally(() => {
      this.#draining = undefined;
    });
  }

  async #hand(running: RunningCommand): Promise<void> {
    for (let item = this.#items.shift(); item !== undefined; item = this.#items.shift()) {
      if (item === 'eof') {
        running.closeStdin();
        continue;
      }
      try {
        await running.writeStdin(item.text);
      } catch {
        // The command ended or closed its stdin: like a shell's pipe, what nobody reads is dropped.
        this.#closed = true;
      }
      this.#pending -= item.text.length;
    }
  }
}
