import { basename, join } from 'node:path';
import { type AdoptedFolder, adoptFolder } from './adopt-folder.ts';
import { BashProcess } from './bash-process.ts';
import { bashForm, runLines } from './bootstrap.ts';
import { CommandFile } from './command-file.ts';
import { CommandOutputs, lateSink } from './command-outputs.ts';
import { refuseUnlessRunnable } from './command-refused.ts';
import { commandText } from './command-text.ts';
import type { BashProgram } from './find-bash.ts';
import { hangUp } from './hang-up.ts';
import { IdleSnapshot } from './idle-snapshot.ts';
import { Journal } from './journal.ts';
import type { NewestChild } from './newest-child.ts';
import { withoutFarewell } from './own-output.ts';
import { findProcess } from './process-table.ts';
import { ForegroundCommand, type RunningCommand, type RunRequest } from './running-command.ts';
import { type CommandFacts, FactsFile, type HeldFifo } from './session-facts.ts';
import {
  checkWorkingDirectory,
  createSessionFolder,
  removeSessionFolder,
  type SessionFolder,
  ShellStartError,
} from './session-folder.ts';
import type { ShellEnd } from './shell-end.ts';
import { type FifoNeed, SpareFifos } from './spare-fifos.ts';
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
  /**
   * For how long bash and its command live on after this server was killed, waiting for `adopt`, in ms. 0, the default:
   * bash ends as soon as its command is over. Otherwise a keeper process is started beside bash.
   */
  orphanLifeMs?: number;
  /**
   * Where the shell's state is written whenever it has been idle for a moment; the folder must exist and outlive the
   * session. Default: nowhere.
   */
  snapshotPath?: string;
  /** A snapshot to begin with: variables, functions, aliases, options, traps, cwd and umask of a shell that is no more. */
  restoreFrom?: string;
}

/** Where the output of a command goes that another server has launched. See `RunRequest`. */
export type OutputSinks = Pick<RunRequest, 'stdout' | 'stderr' | 'late'>;

export interface AdoptOptions {
  /** The session's folder, as it was given to `start`. */
  dir: string;
  /** The sinks for the command that was launched with this `tag`; without any its output is dropped. */
  sinks: (tag: string | undefined) => OutputSinks | undefined;
  answerLimitMs?: number;
}

export interface AdoptedSession {
  session: BashSession;
  /**
   * The last command that bash was given. It may still run; may have ended while no server was there; or may have ended
   * before, and its outcome is told once more.
   */
  last: { tag: string | undefined; command: RunningCommand } | undefined;
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
  readonly #folder: SessionFolder;
  readonly #facts: FactsFile;
  readonly #journal: Journal;
  readonly #snapshot: IdleSnapshot | undefined;
  readonly #bash: BashProcess;
  readonly #commandFile: CommandFile;
  readonly #spares: SpareFifos;
  readonly #outputs: CommandOutputs;
  readonly #sync: SyncHandshake;
  readonly #watchdog: Watchdog;
  #current: ForegroundCommand | undefined;
  /** The latest command: what traps print while the shell is idle belongs to it. */
  #lastRequest: RunRequest | undefined;
  /** Of an interrupted command; it counts when the handshake is done. */
  #endMarker: { exitStatus: number } | undefined;
  /** The last command of a session that was taken over may never have reached bash. */
  #mayBeUnsent = false;
  #over: AbortController | undefined;
  #closing: Promise<void> | undefined;

  /**
   * @throws ShellStartError when the folder, the FIFOs or bash itself cannot be had; the message says which and where.
   */
  static async start(options: BashSessionOptions): Promise<BashSession> {
    await checkWorkingDirectory(options.cwd);
    const folder = await createSessionFolder(options.dir);
    const { orphanLifeMs = 0, restoreFrom, snapshotPath } = options;
    try {
      const { bash, cwd } = await BashProcess.start({ ...options, folder, orphanLifeMs, restoreFrom });
      const facts = FactsFile.create(folder.facts, {
        pid: bash.pid,
        startedAt: (await findProcess(bash.pid))?.startedAt ?? 0,
        bashPath: options.bash.path,
        form: bashForm(options.bash),
        orphanLifeMs,
        snapshotPath,
        cwd: cwd || options.cwd,
        lastStatus: 0,
        errexit: false,
        command: undefined,
        held: [],
      });
      const commandFile = new CommandFile(folder.command, 'create');
      return new BashSession({ folder, bash, facts }, commandFile, options.answerLimitMs);
    } catch (error) {
      await removeSessionFolder(folder.path);
      if (error instanceof ShellStartError) throw error;
      throw new ShellStartError(`Cannot start a shell: ${(error as Error).message}`, { cause: error });
    }
  }

  /**
   * Takes over a session whose server is dead, with the command that may be running. No other server may use it: the
   * caller makes sure of that.
   *
   * @throws NotAdoptableError
   */
  static async adopt(options: AdoptOptions): Promise<AdoptedSession> {
    const found = await adoptFolder(options.dir);
    const commandFile = new CommandFile(found.folder.command, 'existing');
    const session = new BashSession(found, commandFile, options.answerLimitMs);
    return { session, last: session.#resume(found, options) };
  }

  private constructor(
    { folder, bash, facts }: Omit<AdoptedFolder, 'alive'>,
    commandFile: CommandFile,
    answerLimitMs = ANSWER_LIMIT_MS,
  ) {
    this.ended = this.#end.promise;
    this.#folder = folder;
    this.#bash = bash;
    this.#facts = facts;
    this.#journal = new Journal(folder.journal);
    this.#commandFile = commandFile;
    this.#spares = new SpareFifos({
      dir: folder.path,
      names: folder.fifoNames,
      paths: folder.spares,
      hold: async (names) => bash.keeper?.hold(names),
    });
    this.#outputs = new CommandOutputs(this.#spares, {
      held: (fifo) => this.#saveFacts({ held: [...facts.current.held, fifo] }),
      gone: (path) => this.#lateGone(path),
    });
    const { snapshotPath } = facts.current;
    this.#snapshot =
      snapshotPath === undefined
        ? undefined
        : new IdleSnapshot({
            path: snapshotPath,
            statusPath: folder.status,
            write: (line) => bash.write(line),
          });
    this.#sync = new SyncHandshake(folder.status, (line) => bash.write(line));
    this.#watchdog = new Watchdog({
      bashPid: bash.pid,
      controlPath: folder.control,
      limitMs: answerLimitMs,
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
    return this.#facts.current.cwd;
  }

  /**
   * Runs one command.
   *
   * @throws CommandRefusedError when a command is running, bash has ended, or the text holds a NUL.
   */
  run(request: RunRequest): RunningCommand {
    const ended = this.#bash.hasEnded || this.#closing !== undefined;
    refuseUnlessRunnable(request.command, { ended, busy: this.#current !== undefined });
    const command = new ForegroundCommand(request, (exitStatus) => this.#settle(exitStatus));
    this.#current = command;
    this.#snapshot?.stop();
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
      const stdin = request.stdin === 'attached' ? this.#openStdin(this.#spares.take('input')) : undefined;
      this.#commandFile.write(commandText(request.command, this.#facts.current.errexit));
      const facts: CommandFacts = {
        id: (this.#facts.current.command?.id ?? 0) + 1,
        tag: request.tag,
        stdout: basename(stdout),
        stderr: basename(stderr),
        merged: request.mergeStderr === true,
        stdin: stdin && basename(stdin.path),
        stdinClosed: false,
        childrenBefore: this.#bash.children.mark(),
      };
      this.#saveFacts({ command: facts });
      this.#journal.commandBegins();
      this.#follow(command, facts, stdin);
      this.#send(facts);
    } catch (error) {
      this.#refuse(command, error as Error);
    }
  }

  #follow(command: ForegroundCommand, facts: CommandFacts, stdin: StdinFifo | undefined): void {
    const newestChild = this.#bash.children.after(facts.childrenBefore);
    command.sent(stdin, () => this.#stopTarget(newestChild));
    this.#watchdog.start(() => command.phase === 'begun', newestChild);
  }

  #send(command: CommandFacts): void {
    const { form, lastStatus } = this.#facts.current;
    const path = (name: string) => join(this.#folder.path, name);
    this.#endMarker = undefined;
    this.#sync.commandSent();
    this.#bash.write(
      runLines({
        form,
        id: command.id,
        lastStatus,
        statusPath: this.#folder.status,
        journalPath: this.#journal.path,
        commandPath: this.#commandFile.path,
        stdoutPath: path(command.stdout),
        stderrPath: command.merged ? undefined : path(command.stderr),
        stdinPath: command.stdin && path(command.stdin),
      }),
    );
  }

  /** Goes on where the dead server was: it sent a command to bash, and of the rest the journal tells. */
  #resume({ folder, facts, alive }: AdoptedFolder, { sinks }: AdoptOptions): AdoptedSession['last'] {
    const { command: last, held } = facts.current;
    const exists = (name: string) => folder.fifoNames.all().includes(name);
    const path = (name: string) => join(folder.path, name);
    const request = (tag: string | undefined): RunRequest => ({
      ...(sinks(tag) ?? { stdout: () => {}, stderr: () => {} }),
      command: '',
      stdin: tag === last?.tag && last?.stdin !== undefined ? 'attached' : 'none',
      ...(tag === undefined ? {} : { tag }),
    });
    for (const { fifo, stream, tag } of held) {
      if (exists(fifo)) this.#outputs.adoptLate(path(fifo), lateSink(request(tag), stream));
    }
    this.#sync.adopt();
    if (!last) return undefined;
    const command = new ForegroundCommand(request(last.tag), (exitStatus) => this.#settle(exitStatus));
    this.#current = command;
    this.#lastRequest = command.request;
    for (const stream of ['stdout', 'stderr'] as const) {
      const late = held.some(({ fifo }) => fifo === last[stream]);
      if (!late && exists(last[stream]))
        this.#outputs.adopt(stream, path(last[stream]), command.request[stream]);
    }
    const stdin = last.stdin && exists(last.stdin) ? this.#openStdin(path(last.stdin)) : undefined;
    this.#follow(command, last, stdin);
    if (last.stdinClosed) stdin?.close();
    this.#mayBeUnsent = true;
    this.#sync.ask();
    for (const record of this.#journal.read()) this.#onRecord(record);
    // What it reported before its end is all that there will be.
    if (!alive && this.#endMarker) this.#settle(this.#endMarker.exitStatus);
    return { tag: last.tag, command };
  }

  #openStdin(path: string): StdinFifo {
    return new StdinFifo(path, {
      closing: () => {
        const { command } = this.#facts.current;
        if (command) this.#saveFacts({ command: { ...command, stdinClosed: true } });
      },
      closed: () => this.#bash.keeper?.drop(basename(path)),
      removed: () => this.#spares.gone(path),
    });
  }

  #lateGone(path: string): void {
    this.#bash.keeper?.drop(basename(path));
    this.#spares.gone(path);
    const held = this.#facts.current.held.filter(({ fifo }) => fifo !== basename(path));
    // On disk it may wait: a FIFO that does not exist is not looked for.
    this.#facts.current.held = held;
    if (this.#bash.hasEnded && !this.#outputs.hasLate) this.#bash.keeper?.quit();
  }

  #saveFacts(change: { command?: CommandFacts; held?: readonly HeldFifo[] }): void {
    Object.assign(this.#facts.current, change);
    this.#facts.save();
  }

  /** Full disk, no fds left: the command ends as one that cannot be started, the shell stays as it is. */
  #refuse(command: ForegroundCommand, error: Error): void {
    command.request.stderr(Buffer.from(`nsh: the command was not started: ${error.message}\n`));
    this.#settle(NOT_STARTED);
  }

  #fifosNeeded(request: RunRequest): FifoNeed {
    return { output: this.#outputs.missing, input: Number(request.stdin === 'attached') };
  }

  #onRecord(record: StatusRecord): void {
    const command = this.#current;
    const sent = this.#facts.current.command;
    if (record.type === 'snapshot') {
      this.#snapshot?.written(record.number);
    } else if (record.type === 'begin') {
      if (record.id !== sent?.id || command?.phase !== 'sent') return;
      this.#bash.own.begin();
      command.begun();
    } else if (record.type === 'sync' && command?.phase === 'sent' && sent && this.#mayBeUnsent) {
      // bash is idle and has not begun it: the lines never got there.
      if (!this.#sync.answered(record.number)) return;
      this.#mayBeUnsent = false;
      this.#send(sent);
    } else if (command?.phase !== 'begun') {
      return; // an answer to a question that nobody has any more
    } else if (record.type === 'end' && record.id === sent?.id) {
      this.#facts.current.errexit = record.flags.includes('e');
      if (this.#sync.clean) {
        this.#settle(record.exitStatus, record.cwd);
      } else {
        this.#facts.current.cwd = record.cwd || this.#facts.current.cwd;
        this.#endMarker = record;
        this.#sync.ask();
      }
    } else if (record.type === 'sync' && this.#sync.answered(record.number)) {
      // Without an end marker, the interrupt hit the very line that would have written it.
      this.#settle(this.#endMarker?.exitStatus ?? INTERRUPTED, record.cwd);
    }
  }

  /** The foreground is done; bash is at top level, or was never away from there. */
  #settle(exitStatus: number, cwd = this.cwd): void {
    const command = this.#takeCurrent();
    if (!command) return;
    this.#bash.own.idle(lateSink(command.request, 'stdout'));
    const facts = this.#facts.current;
    facts.cwd = cwd || facts.cwd;
    const reported = command.reportedStatus(exitStatus);
    if (command.phase === 'begun') facts.lastStatus = reported;
    this.#snapshot?.idle();
    command.over({ kind: 'exited', exitStatus: reported, cwd: facts.cwd });
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
    this.#journal.close();
    this.#facts.close();
    this.#snapshot?.discard();
    this.#outputs.close();
    if (!this.#outputs.hasLate) this.#bash.keeper?.quit();
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
