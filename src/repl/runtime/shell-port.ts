import type { OutputPiece } from '../output/spill-format.ts';
import type { DevboxNews, MissedCommand, ShellCommand, ShellNews, ShellReport } from '../state/event.ts';
import type { Recall } from '../state/history/recall.ts';

/**
 * What the REPL needs of a devbox, said in its own words: the sdk satisfies it, and a test may with anything else.
 */
export interface DevboxPort {
  readonly id: string;
  /** @param name undefined: a new one of its own */
  shell(name: string | undefined): ShellPort;
  /** undefined: this devbox cannot list its shells. */
  shells(): Promise<readonly ShellInfo[] | undefined>;
  /**
   * Runs a command beside the shells, in a bash of its own, and gives what it prints to stdout.
   *
   * @param signal ends it, and the promise rejects
   */
  runBeside(command: string, signal: AbortSignal): Promise<string>;
  /** What becomes of the devbox, live, until the signal fires or it has ended. Undefined: nothing happens to it. */
  readonly watch?: ((signal: AbortSignal) => AsyncIterable<DevboxNews>) | undefined;
  /**
   * Puts a fresh server in the place of the present one, which leaves it the shells.
   *
   * @returns what it did, as a sentence
   */
  restartServer(): Promise<string>;
}

export interface ShellPort {
  readonly name: string;
  /** Attaches, or creates the shell. undefined: this devbox cannot tell which. */
  open(): Promise<{ readonly created: boolean; readonly shell: ShellInfo } | undefined>;
  execAsync(
    command: string,
    params: OutputCallbacks & {
      readonly attach_stdin: boolean;
      readonly merge_stderr?: boolean;
      /** A UUIDv7 of the caller's; the devbox may tell it with the command. */
      readonly command_id?: string;
    },
    options: { signal: AbortSignal },
  ): Promise<ExecutionPort>;
  /** A command that somebody else sent, or an earlier REPL. */
  execution(executionId: string): ExecutionPort;
  info(): Promise<ShellInfo | undefined>;
  /** Its newest commands that have ended, and what runs and waits where `watch` does not tell it. */
  recall(signal: AbortSignal): Promise<Recall>;
  /** What happens in the shell, live, until the signal fires. Throws where the devbox does not tell it. */
  watch(signal: AbortSignal): AsyncIterable<ShellNews>;
  /** Its commands that run or have ended, of every client, the newest `limit`, oldest first. */
  history(limit: number): Promise<readonly ShellCommand[]>;
  /** All that it has accepted and that is still held, the newest `limit`, in the order of their numbers; where it counts them. */
  accepted(limit: number): Promise<readonly MissedCommand[]>;
  /** Brings back the state of the bash that ended. Rejects when there is nothing to bring back. */
  restore(): Promise<ShellInfo>;
  /** False: there was no such shell. */
  close(): Promise<boolean>;
}

/** A promise that a callback returns is awaited before its stream goes on: that is the backpressure. */
export interface OutputCallbacks {
  stdout?: (chunk: string) => void | Promise<void>;
  stderr?: (chunk: string) => void | Promise<void>;
}

export interface ExecutionPort {
  readonly executionId: string;
  /** Its number in the shell; undefined: nothing was heard of it yet, or the devbox does not count. */
  readonly shellNumber: number | undefined;
  /** As of the launch. */
  readonly status: 'queued' | 'running' | 'completed';
  /** Resolves after the command's end and its last byte of output. */
  result(options: { signal: AbortSignal }): Promise<ResultPort>;
  /** Its output from the first byte to the last, in the order in which the devbox saw it, where it tells that. */
  outputs(signal: AbortSignal): AsyncIterable<OutputPiece>;
  /**
   * What its background jobs write after its end, until the shell ends.
   *
   * @param from bytes to be left out; a mark stands for them
   */
  lateOutput(stream: 'stdout' | 'stderr', signal: AbortSignal, from: number): AsyncIterable<string>;
  /** As it is now. */
  state(): Promise<'queued' | 'running' | 'completed'>;
  /** What is known of its end, without its output. */
  end(): Promise<ResultPort>;
  kill(): Promise<void>;
  /** Takes it out of the queue. False: it has begun, and goes on. */
  cancel(): Promise<boolean>;
  /** Waits while the devbox holds as much input as it will, until the signal fires. */
  sendStdIn(text: string, signal: AbortSignal): Promise<void>;
  closeStdIn(): Promise<void>;
  interrupt(): Promise<void>;
}

export interface ResultPort {
  readonly exitCode: number | null;
  readonly reason: 'exited' | 'shell_ended' | 'cancelled' | undefined;
  readonly message: string | undefined;
  readonly cwd: string | undefined;
  /** ms by the devbox's clock. */
  readonly durationMs: number | undefined;
  readonly freshShell: boolean;
}

export interface ShellInfo extends ShellReport {
  /** `idle`, `running` or `ended`. */
  readonly state: string;
  /** Where on the devbox its state is written when it is idle, for bash to read; undefined: it does not tell. */
  readonly stateFile?: string;
}

/** Says what a failed launch means, so that nothing is sent twice. Given by whoever knows the client's errors. */
export interface Diagnosis {
  readonly failure: 'not_sent' | 'refused' | 'unknown';
  /** For people: what, where, what to do. */
  readonly message: string;
}
export type Diagnose = (error: unknown) => Diagnosis;
