import type { ShellEnd } from './bash/shell-end.ts';
import { StdinClosedError, type StdinFifo } from './fifos/stdin-fifo.ts';
import { waitsForInput } from './processes/input-wait.ts';
import { interruptCommand, killCommand, type StopTarget } from './processes/stop-command.ts';

export type Outcome =
  | { kind: 'exited'; exitStatus: number; cwd: string }
  | { kind: 'shell_ended'; exitStatus: number; end: ShellEnd }
  /** Full disk, no file descriptors left: bash was not given it, and is as it was. */
  | { kind: 'not_started'; exitStatus: typeof NOT_STARTED_STATUS; message: string };

export interface RunRequest {
  command: string;
  /** `none`: the command reads end of file at once. */
  stdin: 'none' | 'attached';
  /** The chunk is valid during the call only: its buffer is filled again by the next read. Must not throw. */
  stdout: (chunk: Uint8Array) => void;
  stderr: (chunk: Uint8Array) => void;
  /** What background jobs of this command write after its end. Same rules. */
  late?: (stream: 'stdout' | 'stderr', chunk: Uint8Array) => void;
  /** stderr goes into stdout, in the exact order of the writes (`2>&1`); `stderr` gets nothing from the command. */
  mergeStderr?: boolean;
  /** Names the command to a server that takes the session over: an execution's id. */
  tag?: string;
}

export interface RunningCommand {
  /** Resolves when bash has begun it (or it is over). */
  readonly started: Promise<void>;
  /** Never rejects. By then every byte that the foreground wrote was handed over. */
  readonly outcome: Promise<Outcome>;
  /** Ctrl-C. A command that ignores it goes on; one that has not begun is told when it does. */
  interrupt(): void;
  /** SIGKILL to the command's processes. Shell and state stay, unless bash itself cannot be brought to let go. */
  kill(): void;
  /**
   * Resolves when the kernel has taken the text: a command that reads slowly slows the sender.
   *
   * @throws StdinClosedError when stdin is not attached, was closed, or the command reads no more.
   */
  writeStdin(text: string): Promise<void>;
  /** A process of it is known to sleep in a read of the attached stdin. Looks through its processes each time. */
  waitsForInput(): boolean;
  /** End of file for the command. Nothing happens when it has ended or has no stdin attached. */
  closeStdin(): void;
}

/** A shell's own word for "cannot be run". */
export const NOT_STARTED_STATUS = 126;
export const SIGINT_STATUS = 130;
const SIGKILL_STATUS = 137;

/** The session's side of a running command: told what bash reports, it settles the promises. */
export class ForegroundCommand implements RunningCommand {
  readonly request: RunRequest;
  readonly #started = Promise.withResolvers<void>();
  readonly #outcome = Promise.withResolvers<Outcome>();
  readonly #stdin: PromiseWithResolvers<StdinFifo> | undefined;
  #stdinFifo: StdinFifo | undefined;
  #phase: 'waiting' | 'sent' | 'begun' | 'over' = 'waiting';
  #stopTarget: (() => StopTarget) | undefined;
  #stop: 'interrupt' | 'kill' | undefined;
  #interrupts = 0;
  readonly #giveUp: (exitStatus: number) => void;

  /** `giveUp`: settles a command that bash has not been given yet. */
  constructor(request: RunRequest, giveUp: (exitStatus: number) => void) {
    this.request = request;
    this.#giveUp = giveUp;
    if (request.stdin !== 'attached') return;
    this.#stdin = Promise.withResolvers();
    // Whoever writes gets the rejection; without a writer it concerns nobody.
    this.#stdin.promise.catch(() => {});
  }

  get started(): Promise<void> {
    return this.#started.promise;
  }

  get outcome(): Promise<Outcome> {
    return this.#outcome.promise;
  }

  get phase() {
    return this.#phase;
  }

  /** The lines are on their way to bash. */
  sent(stdin: StdinFifo | undefined, stopTarget: () => StopTarget): void {
    this.#phase = 'sent';
    this.#stopTarget = stopTarget;
    this.#stdinFifo = stdin;
    if (stdin) this.#stdin?.resolve(stdin);
  }

  /** bash's begin marker: from here on a signal meets the command and nothing before it. */
  begun(): void {
    this.#phase = 'begun';
    this.#stdinFifo?.opened();
    this.#started.resolve();
    this.#carryOutStop();
  }

  /** The status to report for the one that bash gave. bash says 130 for what `kill` made it drop. */
  reportedStatus(exitStatus: number): number {
    return this.#stop === 'kill' && exitStatus === SIGINT_STATUS ? SIGKILL_STATUS : exitStatus;
  }

  over(outcome: Outcome): void {
    this.#phase = 'over';
    this.#stdinFifo?.end();
    this.#stdin?.reject(new StdinClosedError('The command has ended: its standard input is closed.'));
    this.#started.resolve();
    this.#outcome.resolve(outcome);
  }

  interrupt(): void {
    if (this.#phase === 'waiting') this.#giveUp(SIGINT_STATUS);
    else this.#requestStop('interrupt');
  }

  kill(): void {
    if (this.#phase === 'waiting') this.#giveUp(SIGKILL_STATUS);
    else this.#requestStop('kill');
  }

  async writeStdin(text: string): Promise<void> {
    if (!this.#stdin) {
      throw new StdinClosedError(
        'No standard input is attached to the command: launch it with stdin attached to send it text.',
      );
    }
    const stdin = await this.#stdin.promise;
    await stdin.write(text);
  }

  waitsForInput(): boolean {
    if (this.#phase !== 'begun' || !this.#stdinFifo || !this.#stopTarget) return false;
    return waitsForInput(this.#stopTarget().bashPid, this.#stdinFifo.file);
  }

  closeStdin(): void {
    // In turn, after the writes before it. A rejection says that the command is over: nothing is left to close.
    this.#stdin?.promise.then(
      (stdin) => stdin.close(),
      () => {},
    );
  }

  #requestStop(stop: 'interrupt' | 'kill'): void {
    if (this.#phase === 'over' || this.#stop === 'kill') return;
    this.#stop = stop;
    if (this.#phase === 'begun') this.#carryOutStop();
  }

  #carryOutStop(): void {
    if (!this.#stop || !this.#stopTarget) return;
    const target = this.#stopTarget();
    const stopping =
      this.#stop === 'kill' ? killCommand(target) : interruptCommand(target, ++this.#interrupts);
    stopping.catch((error: Error) => {
      // Only the look at the process table can fail. Without it a command could never be stopped.
      target.endShell(`the command could not be stopped, so the shell was ended: ${error.message}`);
    });
  }
}
