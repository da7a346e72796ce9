import type { ChildProcess } from 'node:child_process';
import { type BashForm, bashForm, initLines, runLines } from './bootstrap.ts';
import { CommandFile } from './command-file.ts';
import { CommandOutputs, lateSink } from './command-outputs.ts';
import { commandText } from './command-text.ts';
import { ControlFifo } from './control-fifo.ts';
import type { BashProgram } from './find-bash.ts';
import { hangUp } from './hang-up.ts';
import { inheritedFds } from './inherited-fds.ts';
import { ChildWatch, type NewestChild } from './newest-child.ts';
import { OwnOutput } from './own-output.ts';
import { ForegroundCommand, type RunningCommand, type RunRequest } from './running-command.ts';
import {
  checkWorkingDirectory,
  createSessionFolder,
  FIRST_SPARE_NAME,
  removeSessionFolder,
  type SessionFolder,
  ShellStartError,
} from './session-folder.ts';
import { describeEnd, type ShellEnd } from './shell-end.ts';
import { SpareFifos } from './spare-fifos.ts';
import { spawnBash } from './spawn-bash.ts';
import { StatusFifo } from './status-fifo.ts';
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

/** Not accepted: the shell is busy or gone, or the text cannot be carried. */
export class CommandRefusedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandRefusedError';
  }
}

/** bash answers within a millisecond; this allows for a machine that is badly overloaded. */
const ANSWER_LIMIT_MS = 15_000;
const START_LIMIT_MS = 15_000;
const RELEASE_LIMIT_MS = 5000;

/** One bash process that runs one command after the other and keeps their state. */
export class BashSession {
  readonly ended: Promise<ShellEnd>;
  readonly #end = Promise.withResolvers<ShellEnd>();
  readonly #removed = Promise.withResolvers<void>();
  readonly #ready = Promise.withResolvers<void>();
  readonly #form: BashForm;
  readonly #folder: SessionFolder;
  readonly #status: StatusFifo;
  readonly #control: ControlFifo;
  readonly #commandFile: CommandFile;
  readonly #own: OwnOutput;
  readonly #spares: SpareFifos;
  readonly #outputs: CommandOutputs;
  #child: ChildProcess | undefined;
  #children: ChildWatch | undefined;
  #watchdog: Watchdog | undefined;
  readonly #sync: SyncHandshake;
  #cwd: string;
  #lastStatus = 0;
  #errexit = false;
  #commandId = 0;
  #current: ForegroundCommand | undefined;
  /** The latest command: what traps and background jobs print belongs to it. */
  #lastRequest: RunRequest | undefined;
  #over: AbortController | undefined;
  #endReason: string | undefined;
  #hasEnded = false;
  #closing: Promise<void> | undefined;

  /**
   * @throws ShellStartError when the folder, the FIFOs or bash itself cannot be had; the message says which and where.
   */
  static async start(options: BashSessionOptions): Promise<BashSession> {
    await checkWorkingDirectory(options.cwd);
    const folder = await createSessionFolder(options.dir);
    let session: BashSession | undefined;
    try {
      session = new BashSession(options, folder);
      await session.#launch(options);
      return session;
    } catch (error) {
      if (session) session.#giveUpStart();
      await removeSessionFolder(folder.path);
      if (error instanceof ShellStartError) throw error;
      throw new ShellStartError(`Cannot start a shell: ${(error as Error).message}`, { cause: error });
    }
  }

  private constructor(options: BashSessionOptions, folder: SessionFolder) {
    this.ended = this.#end.promise;
    this.#form = bashForm(options.bash);
    this.#folder = folder;
    this.#cwd = options.cwd;
    this.#status = new StatusFifo(folder.status, (record) => this.#onRecord(record));
    this.#control = new ControlFifo(folder.control);
    this.#commandFile = new CommandFile(folder.command);
    this.#own = new OwnOutput(folder.ownStdout, folder.ownStderr);
    this.#spares = new SpareFifos(folder.path, FIRST_SPARE_NAME, folder.spares);
    this.#outputs = new CommandOutputs(this.#spares);
    this.#sync = new SyncHandshake(folder.status, (line) => this.#control.write(line));
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Where the last command left the shell. */
  get cwd(): string {
    return this.#cwd;
  }

  /**
   * Runs one command. When an interrupt came just before, the shell is first brought back into step.
   *
   * @throws CommandRefusedError when a command is running, bash has ended, or the text holds a NUL.
   */
  run(request: RunRequest): RunningCommand {
    if (this.#current)
      throw new CommandRefusedError('The shell is running a command: it takes one at a time.');
    if (this.#hasEnded || this.#closing)
      throw new CommandRefusedError('The shell has ended: start a new one.');
    if (request.command.includes('\0')) {
      throw new CommandRefusedError(
        'The command contains a NUL character, which no shell can carry. Remove it.',
      );
    }
    const command = new ForegroundCommand(request, (exitStatus) => this.#settle(exitStatus, this.#cwd));
    this.#current = command;
    if (this.#sync.clean && this.#spares.has(this.#fifosNeeded(request))) this.#dispatch(command);
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
    if (!this.#hasEnded && request) {
      this.#own.handOver(lateSink(request, 'stdout'), withoutFarewell(lateSink(request, 'stderr')));
    }
    this.#control.close();
    const limit = setTimeout(() => this.#endShell('bash did not exit and was ended'), RELEASE_LIMIT_MS);
    await this.ended;
    clearTimeout(limit);
    await this.#removed.promise;
  }

  async #launch(options: BashSessionOptions): Promise<void> {
    const child = await spawnBash(options.bash, this.#folder, options.cwd, options.env);
    this.#child = child;
    child.once('exit', (code, signal) => this.#onExit(code, signal));
    this.#children = new ChildWatch(this.pid);
    this.#watchdog = new Watchdog({
      bashPid: this.pid,
      controlPath: this.#folder.control,
      limitMs: options.answerLimitMs ?? ANSWER_LIMIT_MS,
      ask: () => this.#sync.ask(),
      silent: () => this.#endShell('bash gave no answer, so the shell was ended'),
    });
    const limit = setTimeout(() => this.#endShell('bash did not get ready within 15 s'), START_LIMIT_MS);
    this.#control.write(initLines(this.#folder.status, inheritedFds()));
    const started = await Promise.race([this.#ready.promise, this.ended]);
    clearTimeout(limit);
    if (started)
      throw new ShellStartError(`${options.bash.path} did not become a shell: ${started.message}.`);
  }

  async #dispatchWhenReady(command: ForegroundCommand): Promise<void> {
    try {
      await this.#sync.whenClean();
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
      const newestChild = this.#children?.mark();
      if (newestChild) command.sent(stdin, () => this.#stopTarget(newestChild));
      this.#sync.commandSent();
      this.#control.write(
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
      this.#watchdog?.start(() => command.phase === 'begun');
    } catch (error) {
      this.#refuse(command, error as Error);
    }
  }

  /** Full disk, no fds left: the command ends as one that cannot be started, the shell stays as it is. */
  #refuse(command: ForegroundCommand, error: Error): void {
    command.request.stderr(Buffer.from(`nsh: the command was not started: ${error.message}\n`));
    this.#settle(126, this.#cwd);
  }

  #fifosNeeded(request: RunRequest): number {
    return this.#outputs.missing + Number(request.stdin === 'attached');
  }

  #onRecord(record: StatusRecord): void {
    if (record.type === 'ready') {
      this.#cwd = record.cwd || this.#cwd;
      if (record.flags.includes('m')) this.#ready.resolve();
      else this.#endShell('it has no job control');
    } else if (record.type === 'begin') {
      if (record.id !== this.#commandId || this.#current?.phase !== 'sent') return;
      this.#own.begin();
      this.#current.begun();
    } else if (record.type === 'end') {
      if (record.id === this.#commandId && this.#current?.phase === 'begun') {
        this.#errexit = record.flags.includes('e');
        this.#settle(record.exitStatus, record.cwd);
      }
    } else if (this.#sync.answered(record.number) && this.#current?.phase === 'begun') {
      // Back at top level without an end marker: the interrupt hit the line that would have written it.
      this.#settle(130, record.cwd);
    }
  }

  /** The foreground is done and bash is (or was never away from) at top level. */
  #settle(exitStatus: number, cwd: string): void {
    const command = this.#current;
    if (!command) return;
    this.#outputs.collect(command.request);
    this.#own.idle(lateSink(command.request, 'stdout'));
    this.#watchdog?.stop();
    this.#over?.abort();
    this.#over = undefined;
    this.#current = undefined;
    this.#cwd = cwd || this.#cwd;
    if (command.phase === 'begun') this.#lastStatus = command.reportedStatus(exitStatus);
    command.over({ kind: 'exited', exitStatus: command.reportedStatus(exitStatus), cwd: this.#cwd });
    this.#sync.start(() =>
      this.#endShell('bash did not come back after an interrupt, so the shell was ended'),
    );
  }

  #stopTarget(newestChild: NewestChild): StopTarget {
    this.#over ??= new AbortController();
    return {
      bashPid: this.pid,
      newestChild,
      over: this.#over.signal,
      interruptBash: () => this.#sync.interrupt(this.pid),
      askSync: () => this.#sync.ask(),
      endShell: (reason) => this.#endShell(reason),
    };
  }

  /** The last resort; `ended` and a running command's outcome follow from bash's exit. */
  #endShell(reason: string): void {
    if (this.#hasEnded) return;
    this.#endReason ??= reason;
    this.#child?.kill('SIGKILL');
  }

  #onExit(code: number | null, signal: NodeJS.Signals | null): void {
    this.#status.drain();
    this.#hasEnded = true;
    const end = describeEnd(code, signal, this.#endReason);
    const command = this.#current;
    this.#current = undefined;
    this.#over?.abort();
    if (command) {
      const { request } = command;
      this.#outputs.collect(request);
      this.#own.handOver(request.stdout, request.stderr);
      this.#own.handOver(lateSink(request, 'stdout'), lateSink(request, 'stderr'));
      command.over({ kind: 'shell_ended', exitStatus: end.exitStatus, end });
    }
    this.#releaseResources();
    // The folder is ours alone and holds nothing to keep: a failure leaves litter, not an error for the user.
    removeSessionFolder(this.#folder.path)
      .catch(() => {})
      .finally(this.#removed.resolve);
    this.#end.resolve(end);
  }

  #releaseResources(): void {
    this.#watchdog?.stop();
    this.#sync.stop();
    this.#control.close();
    this.#status.close();
    this.#commandFile.close();
    this.#children?.close();
    this.#outputs.close();
  }

  #giveUpStart(): void {
    if (this.#child) this.#endShell('the start was given up');
    else this.#releaseResources();
    this.#own.close();
  }

  async #close(): Promise<void> {
    this.#endReason ??= 'the shell was closed';
    await hangUp(this.pid, () => this.#hasEnded);
    this.#endShell('the shell was closed');
    await this.ended;
    this.#own.close();
    this.#outputs.closeLate();
    await this.#removed.promise;
  }
}

/** bash says "exit" on its own stderr when its input ends. */
function withoutFarewell(sink: (chunk: Uint8Array) => void) {
  let first = true;
  return (chunk: Uint8Array) => {
    const farewell = first && Buffer.from(chunk).toString('latin1', 0, 5) === 'exit\n';
    first = false;
    const rest = farewell ? chunk.subarray(5) : chunk;
    if (rest.length > 0) sink(rest);
  };
}
