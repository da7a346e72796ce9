import { adoptFolder } from './adopt-folder.ts';
import type { BashProcess } from './bash/bash-process.ts';
import type { ShellEnd } from './bash/shell-end.ts';
import { lateSink } from './fifos/command-outputs.ts';
import { withoutFarewell } from './fifos/own-output.ts';
import { Foreground } from './foreground.ts';
import type { LastCommand, SinksOf } from './last-command.ts';
import { hangUp } from './processes/hang-up.ts';
import type { RunningCommand, RunRequest } from './running-command.ts';
import type { FactsFile } from './session-facts.ts';
import { removeSessionFolder, type SessionFolder } from './session-folder.ts';
import { type BashSessionOptions, type SessionParts, startSession } from './start-session.ts';

export type { ShellEnd } from './bash/shell-end.ts';
export type { Outcome, RunningCommand, RunRequest } from './running-command.ts';
export type { BashSessionOptions } from './start-session.ts';

export interface AdoptOptions {
  /** The session's folder, as it was given to `start`. */
  dir: string;
  sinks: SinksOf;
  answerLimitMs?: number;
}

export interface AdoptedSession {
  session: BashSession;
  /**
   * The last command that bash was given. It may still run; may have ended while no server was there; or may have ended
   * before, and its outcome is told once more.
   */
  last: LastCommand | undefined;
}

/** bash answers within a millisecond; this allows for a machine that is badly overloaded. */
const ANSWER_LIMIT_MS = 15_000;
const RELEASE_LIMIT_MS = 5000;

/** One bash process that runs one command after the other and keeps their state. */
export class BashSession {
  readonly ended: Promise<ShellEnd>;
  readonly #end = Promise.withResolvers<ShellEnd>();
  readonly #removed = Promise.withResolvers<void>();
  readonly #folder: SessionFolder;
  readonly #facts: FactsFile;
  readonly #bash: BashProcess;
  readonly #foreground: Foreground;
  #closing: Promise<void> | undefined;

  /**
   * @throws ShellStartError when the folder, the FIFOs or bash itself cannot be had; the message says which and where.
   */
  static async start(options: BashSessionOptions): Promise<BashSession> {
    return new BashSession(await startSession(options), options.answerLimitMs);
  }

  /**
   * Takes over a session whose server is dead, with the command that may be running. No other server may use it: the
   * caller makes sure of that.
   *
   * @throws NotAdoptableError when the folder holds no session; a bash that has ended meanwhile is no error.
   */
  static async adopt(options: AdoptOptions): Promise<AdoptedSession> {
    const parts = await adoptFolder(options.dir);
    const session = new BashSession(parts, options.answerLimitMs);
    const last = session.#foreground.resume(parts.alive, options.sinks);
    // Not before: an end that nobody hears of would leave the command running for ever.
    parts.bash.watchLife();
    return { session, last };
  }

  private constructor(parts: SessionParts, limitMs = ANSWER_LIMIT_MS) {
    const { folder, bash, facts } = parts;
    this.ended = this.#end.promise;
    this.#folder = folder;
    this.#bash = bash;
    this.#facts = facts;
    this.#foreground = new Foreground(parts, limitMs);
    bash.onEnd = (end) => this.#onEnd(end);
  }

  get pid(): number {
    return this.#bash.pid;
  }

  /** Where the last command left the shell. */
  get cwd(): string {
    return this.#facts.current.cwd;
  }

  /**
   * Runs one command.
   *
   * @throws CommandRefusedError when a command is running, bash has ended, or the text holds a NUL.
   */
  run(request: RunRequest): RunningCommand {
    return this.#foreground.run(request, this.#bash.hasEnded || this.#closing !== undefined);
  }

  /**
   * Ends bash and its jobs as a closed terminal does, and removes the folder. After bash has ended by itself it ends the
   * jobs that were left behind.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /**
   * Ends bash, with its EXIT trap, and leaves its background jobs alone; their late output is still read. A command
   * that is running is waited for.
   */
  async release(): Promise<void> {
    await this.#foreground.current?.outcome;
    const request = this.#foreground.lastRequest;
    if (request && !this.#bash.hasEnded) {
      this.#bash.own.handOver(lateSink(request, 'stdout'), withoutFarewell(lateSink(request, 'stderr')));
    }
    this.#bash.endInput();
    const limit = setTimeout(() => this.#bash.kill('bash did not exit and was ended'), RELEASE_LIMIT_MS);
    await this.ended;
    clearTimeout(limit);
    await this.#removed.promise;
  }

  #onEnd(end: ShellEnd): void {
    this.#foreground.end(end);
    removeSessionFolder(this.#folder.path)
      // The folder is ours alone and holds nothing to keep: a failure leaves litter, not an error for the user.
      .catch(() => {})
      .finally(this.#removed.resolve);
    this.#end.resolve(end);
  }

  async #close(): Promise<void> {
    this.#bash.explainEnd('the shell was closed');
    const hasEnded = () => this.#bash.hasEnded;
    const endBash = () => {
      this.#bash.kill('the shell was closed');
      return this.ended;
    };
    try {
      await hangUp(this.pid, hasEnded).catch(async () => {
        // No file descriptor was left to look at the processes with: with bash go those that served it.
        await endBash();
        await hangUp(this.pid, hasEnded);
      });
    } finally {
      await endBash();
      this.#bash.own.close();
      this.#foreground.closeLate();
      await this.#removed.promise;
    }
  }
}
