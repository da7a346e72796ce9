import { BashProcess } from './bash-process.ts';
import { type BashForm, bashForm, runLines } from './bootstrap.ts';
import { CommandFile } from './command-file.ts';
import { CommandOutputs, lateSink } from './command-outputs.ts';
import { refuseUnlessRunnable } from './command-refused.ts';
import { commandText } from './command-text.ts';
import type { BashProgram } from './find-bash.ts';
import { hangUp } from './hang-up.ts';
import type { NewestChild } from './newest-child.ts';
import { withoutFarewell } from './own-output.ts';
import { ForegroundCommand, type RunningCommand, type RunRequest } from './running-command.ts';
import {
  checkWorkingDirectory,
  createSessionFolder,
  FIRST_SPARE_NAME,
  removeSessionFolder,
  type SessionFolder,
  ShellStartError,
} from './session-folder.ts';
import type { ShellEnd } from './shell-end.ts';
import { SpareFifos } from './spare-fifos.ts';
import type { StatusRecord } from './status-records.ts';
import { StdinFifo } from './stdin-fifo.ts';
import type { StopTarget } from './stop-command.ts';
import { SyncHandshake } from './sync-handshake.ts';
import { Watchdog } from './watchdog.ts';

export type { Outcome, RunningCommand, RunRequest } from './running-command.ts';
export type { ShellEnd } from './shell-end.ts';

export interface BashSessionOptions {
  bash: BashProgram;
  /** The session's own folder: must not exist; created with mode 0700, removed when bash has ended. */
  dir: string;
  /** Where the shell starts. */
  cwd: string;
  /** All that the shell inherits; TERM, PAGER, GIT_PAGER and HISTFILE are set by the engine. */
  env: Record<string, string>;
  /** How long bash may owe an answer before the shell is given up, in ms. Default 15 s. */
  answerLimitMs?: number;
}

/** bash answers within a millisecond; this allows for a machine that is badly overloaded. */
const ANSWER_LIMIT_MS = 15_000;
const RELEASE_LIMIT_MS = 5000;
const NOT_STARTED = 126;
const INTERRUPTED = 130;

/** One bash process that runs one command after the other and keeps their state. */
export class BashSession {
  readonly ended: Promise<ShellEnd>;
  readonly #end = Promise.withResolvers<ShellEnd>();
  readonly #removed = Promise.withResolvers<void>();
  readonly #form: BashForm;
  readonly #folder: SessionFolder;
  readonly #bash: BashProcess;
  readonly #commandFile: CommandFile;
  readonly #spares: SpareFifos;
  readonly #outputs: CommandOutputs;
  readonly #sync: SyncHandshake;
  readonly #watchdog: Watchdog;
  #cwd: string;
  #lastStatus = 0;
  #errexit = false;
  #commandId = 0;
  #current: ForegroundCommand | undefined;
  /** The latest command: what traps print while the shell is idle belongs to it. */
  #lastRequest: RunRequest | undefined;
  /** Of an interrupted command; it counts when the handshake is done. */
  #endMarker: { exitStatus: number } | undefined;
  #over: AbortController | undefined;
  #closing: Promise<void> | undefined;

  /**
   * @throws ShellStartError when the folder, the FIFOs or bash itself cannot be had; the message says which and where.
   */
  static async start(options: BashSessionOptions): Promise<BashSession> {
    await checkWorkingDirectory(options.cwd);
    const folder = await createSessionFolder(options.dir);
    try {
      const { bash, cwd } = await BashProcess.start({ ...options, folder });
      return new BashSession(options, folder, bash, cwd);
    } catch (error) {
      await removeSessionFolder(folder.path);
      if (error instanceof ShellStartError) throw error;
      throw new ShellStartError(`Cannot start a shell: ${(error as Error).message}`, { cause: error });
    }
  }

  private constructor(options: BashSessionOptions, folder: SessionFolder, bash: BashProcess, cwd: string) {
    this.ended = this.#end.promise;
    this.#form = bashForm(options.bash);
    this.#folder = folder;
    this.#bash = bash;
    this.#cwd = cwd || options.cwd;
    this.#commandFile = new CommandFile(folder.command);
    this.#spares = new SpareFifos(folder.path, FIRST_SPARE_NAME, folder.spares);
    this.#outputs = new CommandOutputs(this.#spares);
    this.#sync = new SyncHandshake(folder.status, (line) => bash.write(line));
    this.#watchdog = new Watchdog({
      bashPid: bash.pid,
      controlPath: folder.control,
      limitMs: options.answerLimitMs ?? ANSWER_LIMIT_MS,
      ask: () => this.#sync.ask(),
      silent: () => bash.kill('bash gave no answer, so the shell was ended'),
    });
    bash.onRecord = (record) => this.#onRecord(record);
    bash.onEnd = (end) => this.#onEnd(end);
  }

  get pid(): number {
    return this.#bash.pid;
  }

  /** Where the last command left the shell. */
  get cwd(): string {
    return this.#cwd;
  }

  /**
   * Runs one command.
   *
   * @throws CommandRefusedError when a command is running, bash has ended, or the text holds a NUL.
   */
  run(request: RunRequest): RunningCommand {
    const ended = this.#bash.hasEnded || this.#closing !== undefined;
    refuseUnlessRunnable(request.command, { ended, busy: this.#current !== undefined });
    const command = new ForegroundCommand(request, (exitStatus) => this.#settle(exitStatus, this.#cwd));
    this.#current = command;
    if (this.#spares.has(this.#fifosNeeded(request))) this.#dispatch(command);
    else void this.#dispatchWhenReady(command);
    return command;
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
    await this.#current?.outcome;
    const request = this.#lastRequest;
    if (request && !this.#bash.hasEnded) {
      this.#bash.own.handOver(lateSink(request, 'stdout'), withoutFarewell(lateSink(request, 'stderr')));
    }
    this.#bash.endInput();
    const limit = setTimeout(() => this.#bash.kill('bash did not exit and was ended'), RELEASE_LIMIT_MS);
    await this.ended;
    clearTimeout(limit);
    await this.#removed.promise;
  }

  async #dispatchWhenReady(command: ForegroundCommand): Promise<void> {
    try {
      await this.#spares.ready(this.#fifosNeeded(command.request));
    } catch (error) {
      if (command.phase === 'waiting') this.#refuse(command, error as Error);
      return;
    }
    // It may have been stopped, or the shell may have ended, while it waited.
    if (command.phase === 'waiting') this.#dispatch(command);
  }

  #dispatch(command: ForegroundCommand): void {
    const { request } = command;
    try {
      this.#lastRequest = request;
      const { stdout, stderr } = this.#outputs.open(request);
      const stdin = request.stdin === 'attached' ? new StdinFifo(this.#spares.take()) : undefined;
      this.#commandFile.write(commandText(request.command, this.#errexit));
      const newestChild = this.#bash.children.mark();
      command.sent(stdin, () => this.#stopTarget(newestChild));
      this.#endMarker = undefined;
      this.#sync.commandSent();
      this.#bash.write(
        runLines({
          form: this.#form,
          id: ++this.#commandId,
          lastStatus: this.#lastStatus,
          statusPath: this.#folder.status,
          commandPath: this.#commandFile.path,
          stdoutPath: stdout,
          stderrPath: stderr,
          stdinPath: stdin?.path,
        }),
      );
      this.#watchdog.start(() => command.phase === 'begun', newestChild);
    } catch (error) {
      this.#refuse(command, error as Error);
    }
  }

  /** Full disk, no fds left: the command ends as one that cannot be started, the shell stays as it is. */
  #refuse(command: ForegroundCommand, error: Error): void {
    command.request.stderr(Buffer.from(`nsh: the command was not started: ${error.message}\n`));
    this.#settle(NOT_STARTED, this.#cwd);
  }

  #fifosNeeded(request: RunRequest): number {
    return this.#outputs.missing + Number(request.stdin === 'attached');
  }

  #onRecord(record: StatusRecord): void {
    const command = this.#current;
    if (record.type === 'begin') {
      if (record.id !== this.#commandId || command?.phase !== 'sent') return;
      this.#bash.own.begin();
      command.begun();
    } else if (command?.phase !== 'begun') {
      return; // an answer to a question that nobody has any more
    } else if (record.type === 'end' && record.id === this.#commandId) {
      this.#errexit = record.flags.includes('e');
      if (this.#sync.clean) {
        this.#settle(record.exitStatus, record.cwd);
      } else {
        this.#endMarker = record;
        this.#sync.ask();
      }
    } else if (record.type === 'sync' && this.#sync.answered(record.number)) {
      // Without an end marker, the interrupt hit the very line that would have written it.
      this.#settle(this.#endMarker?.exitStatus ?? INTERRUPTED, record.cwd);
    }
  }

  /** The foreground is done; bash is at top level, or was never away from there. */
  #settle(exitStatus: number, cwd: string): void {
    const command = this.#takeCurrent();
    if (!command) return;
    this.#bash.own.idle(lateSink(command.request, 'stdout'));
    this.#cwd = cwd || this.#cwd;
    const reported = command.reportedStatus(exitStatus);
    if (command.phase === 'begun') this.#lastStatus = reported;
    command.over({ kind: 'exited', exitStatus: reported, cwd: this.#cwd });
  }

  #onEnd(end: ShellEnd): void {
    const command = this.#takeCurrent();
    if (command) {
      const { request } = command;
      this.#bash.own.handOver(request.stdout, request.stderr);
      this.#bash.own.handOver(lateSink(request, 'stdout'), lateSink(request, 'stderr'));
      command.over({ kind: 'shell_ended', exitStatus: end.exitStatus, end });
    }
    this.#commandFile.close();
    this.#outputs.close();
    removeSessionFolder(this.#folder.path)
      // The folder is ours alone and holds nothing to keep: a failure leaves litter, not an error for the user.
      .catch(() => {})
      .finally(this.#removed.resolve);
    this.#end.resolve(end);
  }

  /** The command is over: what its foreground wrote is handed over, and nothing tries to stop it any more. */
  #takeCurrent(): ForegroundCommand | undefined {
    const command = this.#current;
    this.#current = undefined;
    if (command) this.#outputs.collect(command.request);
    this.#watchdog.stop();
    this.#over?.abort();
    this.#over = undefined;
    return command;
  }

  #stopTarget(newestChild: NewestChild): StopTarget {
    this.#over ??= new AbortController();
    return {
      bashPid: this.pid,
      newestChild,
      over: this.#over.signal,
      interruptBash: () => this.#sync.interrupt(this.pid),
      askSync: () => this.#sync.ask(),
      endShell: (reason) => this.#bash.kill(reason),
    };
  }

  async #close(): Promise<void> {
    this.#bash.explainEnd('the shell was closed');
    try {
      await hangUp(this.pid, () => this.#bash.hasEnded);
    } finally {
      this.#bash.kill('the shell was closed');
      await this.ended;
      this.#bash.own.close();
      this.#outputs.closeLate();
      await this.#removed.promise;
    }
  }
}
