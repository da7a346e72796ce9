import type { ChildProcess } from 'node:child_process';
import { findProcess } from '../processes/process-table.ts';
import { sendSignal } from '../processes/send-signal.ts';
import { describeEnd, describeUnknownEnd, type ShellEnd } from './shell-end.ts';

/** A bash process as such: how it is ended, and how its end is learned. */
export interface BashLife {
  readonly pid: number;
  /** SIGKILL. */
  kill(): void;
  /** Calls back once, when it has ended; `reason`: why the engine itself ended it. */
  onEnd(end: (describe: (reason: string | undefined) => ShellEnd) => void): void;
  /** A sign that it may have ended. */
  look(): void;
}

/** A bash that this server has started. */
export function childLife(child: ChildProcess): BashLife {
  return {
    pid: child.pid ?? 0,
    kill: () => void child.kill('SIGKILL'),
    onEnd: (end) =>
      void child.once('exit', (code, signal) => end((reason) => describeEnd(code, signal, reason))),
    look: () => {},
  };
}

const LOOK_EVERY_MS = 2000;
const SOON_MS = 5;
const SOON_LOOKS = 400;

/**
 * A bash that another server has started: nobody tells us of its end, and its exit status is lost. A sign (no writer is
 * left of its own output) makes for a look at once; a look every other second, a few µs, finds an end without a sign.
 */
export class AdoptedLife implements BashLife {
  readonly pid: number;
  readonly #startedAt: number;
  #end: ((describe: (reason: string | undefined) => ShellEnd) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #soon = 0;

  constructor(pid: number, startedAt: number) {
    this.pid = pid;
    this.#startedAt = startedAt;
  }

  onEnd(end: (describe: (reason: string | undefined) => ShellEnd) => void): void {
    this.#end = end;
    this.#schedule();
  }

  kill(): void {
    if (this.#end && sendSignal(this.pid, 'SIGKILL')) this.look();
  }

  look(): void {
    this.#soon = SOON_LOOKS;
    this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (!this.#end) return;
    this.#timer = setTimeout(() => void this.#check(), this.#soon > 0 ? SOON_MS : LOOK_EVERY_MS);
    if (this.#soon > 0) this.#soon--;
  }

  async #check(): Promise<void> {
    const lives = await isSameProcess(this.pid, this.#startedAt);
    if (lives) return this.#schedule();
    const end = this.#end;
    this.#end = undefined;
    end?.(describeUnknownEnd);
  }
}

/**
 * Whether the process of that pid is the one that started then. The table is asked only when there is a process of that
 * pid at all.
 */
export async function isSameProcess(pid: number, startedAt: number): Promise<boolean> {
  if (!sendSignal(pid, 0)) return false;
  const row = await findProcess(pid);
  return row !== undefined && row.startedAt === startedAt && row.state !== 'Z';
}
