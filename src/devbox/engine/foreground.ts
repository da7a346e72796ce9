import { afterEndMarker } from './after-end-marker.ts';
import type { BashProcess } from './bash/bash-process.ts';
import { runLines } from './bash/bootstrap.ts';
import { engineFunctions } from './bash/engine-functions.ts';
import type { ShellEnd } from './bash/shell-end.ts';
import type { CommandFile } from './command-file.ts';
import { refuseUnlessRunnable } from './command-refused.ts';
import { commandText } from './command-text.ts';
import { CommandFifos } from './fifos/command-fifos.ts';
import { lateSink } from './fifos/command-outputs.ts';
import type { StatusRecord } from './fifos/status-records.ts';
import type { StdinFifo } from './fifos/stdin-fifo.ts';
import { runsInForegroundOnly } from './foreground-only.ts';
import { IdleSnapshot } from './idle-snapshot.ts';
import type { Journal } from './journal.ts';
import type { LastCommand, SinksOf } from './last-command.ts';
import type { StopTarget } from './processes/stop-command.ts';
import { Watchdog } from './processes/watchdog.ts';
import {
  ForegroundCommand,
  NOT_STARTED_STATUS,
  type RunningCommand,
  type RunRequest,
  SIGINT_STATUS,
} from './running-command.ts';
import type { CommandFacts, FactsFile } from './session-facts.ts';
import type { SessionFolder } from './session-folder.ts';
import type { SessionParts } from './start-session.ts';
import { SyncHandshake } from './sync-handshake.ts';
import { withRemedy } from './system-remedy.ts';

/**
 * The one command that bash has in its foreground, from its launch to its outcome.
 *
 * Invariants: a command is noted in the facts before bash is given it; it is over when its end marker has come and, after
 * an interrupt, the handshake is done as well; by then all that its foreground wrote was handed over.
 */
export class Foreground {
  readonly #folder: SessionFolder;
  readonly #facts: FactsFile;
  readonly #journal: Journal;
  readonly #snapshot: IdleSnapshot | undefined;
  readonly #bash: BashProcess;
  readonly #commandFile: CommandFile;
  readonly #fifos: CommandFifos;
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
  /** The end marker has come; what was written before it is still being told of by the event loop. */
  #ending: Extract<StatusRecord, { type: 'end' }> | undefined;

  /** @param limitMs how long bash may owe an answer */
  constructor(parts: SessionParts, limitMs: number) {
    const { folder, bash, facts } = parts;
    const { snapshotPath } = facts.current;
    const write = (line: string) => bash.write(line);
    this.#folder = folder;
    this.#bash = bash;
    this.#facts = facts;
    this.#journal = parts.journal;
    this.#commandFile = parts.commandFile;
    this.#fifos = new CommandFifos(folder, facts, bash.keeper);
    this.#snapshot = snapshotPath === undefined ? undefined : new IdleSnapshot(snapshotPath, write);
    this.#sync = new SyncHandshake(write);
    this.#watchdog = new Watchdog({
      bashPid: bash.pid,
      controlPath: folder.control,
      limitMs,
      ask: () => this.#sync.ask(),
      silent: () => bash.kill('bash gave no answer, so the shell was ended'),
    });
    bash.onRecord = (record) => this.#onRecord(record);
  }

  get current(): RunningCommand | undefined {
    return this.#current;
  }

  get lastRequest(): RunRequest | undefined {
    return this.#lastRequest;
  }

  /**
   * @param ended whether bash has ended, or is being ended
   * @throws CommandRefusedError when a command is running, bash has ended, or the text holds a NUL.
   */
  run(request: RunRequest, ended: boolean): RunningCommand {
    refuseUnlessRunnable(request.command, { ended, busy: this.#current !== undefined });
    const command = new ForegroundCommand(request, (exitStatus) => this.#settle(exitStatus));
    this.#current = command;
    this.#snapshot?.stop();
    if (this.#fifos.has(request)) this.#dispatch(command);
    else void this.#dispatchWhenReady(command);
    return command;
  }

  /** Goes on where the dead server was: it sent a command to bash, and of the rest the journal tells. */
  resume(alive: boolean, sinks: SinksOf): LastCommand | undefined {
    const { command: last } = this.#facts.current;
    const requestOf = (tag: string | undefined, stdin: RunRequest['stdin'] = 'none'): RunRequest => ({
      ...(sinks(tag) ?? { stdout: () => {}, stderr: () => {} }),
      command: this.#commandFile.read(),
      stdin,
      ...(tag === undefined ? {} : { tag }),
    });
    this.#fifos.reopenHeld(requestOf);
    this.#sync.adopt();
    // The dead server may have been another version.
    this.#bash.write(engineFunctions(this.#folder.path));
    if (!last) return undefined;
    const request = requestOf(last.tag, last.stdin === undefined ? 'none' : 'attached');
    const command = new ForegroundCommand(request, (exitStatus) => this.#settle(exitStatus));
    this.#current = command;
    this.#lastRequest = request;
    this.#follow(command, last, this.#fifos.reopen(last, request));
    this.#mayBeUnsent = true;
    this.#sync.ask();
    for (const record of this.#journal.read()) this.#onRecord(record);
    this.#endMarkerCame();
    // What it reported before its end is all that there will be.
    if (!alive && this.#endMarker) this.#settle(this.#endMarker.exitStatus);
    return { tag: last.tag, command };
  }

  /** Bash has ended: so has the command, and nothing is noted any more. Late output is still read. */
  end(end: ShellEnd): void {
    this.#endMarkerCame();
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
    this.#fifos.end();
  }

  closeLate(): void {
    this.#fifos.closeLate();
  }

  async #dispatchWhenReady(command: ForegroundCommand): Promise<void> {
    try {
      await this.#fifos.ready(command.request);
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
      const { stdin, facts } = this.#fifos.open(request);
      this.#commandFile.write(commandText(request.command, this.#facts.current.errexit));
      const sent: CommandFacts = {
        ...facts,
        id: (this.#facts.current.command?.id ?? 0) + 1,
        tag: request.tag,
        merged: request.mergeStderr === true,
        childrenBefore: this.#bash.children.mark(),
      };
      this.#facts.save({ command: sent });
      this.#mayBeUnsent = false;
      this.#journal.commandBegins();
      this.#follow(command, sent, stdin);
      this.#snapshot?.beforeCommand(request.command, this.#facts.current.errexit);
      this.#send(sent);
    } catch (error) {
      this.#refuse(command, error as Error);
    }
  }

  #follow(command: ForegroundCommand, facts: CommandFacts, stdin: StdinFifo | undefined): void {
    const { children } = this.#bash;
    const { command: text } = command.request;
    const foregroundOnly = runsInForegroundOnly(text);
    const newestChild = /\bfg\b/.test(text)
      ? children.afterOrOnlyJob(facts.childrenBefore)
      : children.after(facts.childrenBefore);
    command.sent(stdin, () => this.#stopTarget({ newestChild, foregroundOnly }));
    this.#watchdog.start(() => command.phase === 'begun', newestChild);
  }

  #send(command: CommandFacts): void {
    const { form, lastStatus } = this.#facts.current;
    this.#endMarker = undefined;
    this.#sync.commandSent();
    this.#bash.write(
      runLines({
        form,
        id: command.id,
        lastStatus,
        stdout: command.stdout,
        stderr: command.merged ? undefined : command.stderr,
        stdin: command.stdin,
      }),
    );
  }

  /** Full disk, no fds left: the shell stays as it is. */
  #refuse(command: ForegroundCommand, error: Error): void {
    this.#takeCurrent();
    this.#snapshot?.idle();
    command.over({
      kind: 'not_started',
      exitStatus: NOT_STARTED_STATUS,
      message: `bash could not be given it through ${this.#folder.path}: ${withRemedy(error, 'send the command again')}`,
    });
  }

  #onRecord(record: StatusRecord): void {
    const command = this.#current;
    const sent = this.#facts.current.command;
    if (record.type === 'sync') this.#endMarkerCame();
    else if (record.type === 'snapshot') this.#snapshot?.written(record.number);
    if (record.type === 'begin') {
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
      this.#ending = record;
      const isFree = () => this.#ending !== record || this.#fifos.isFree;
      void afterEndMarker(command.request.command, isFree).then(() => this.#endMarkerCame(record));
    } else if (record.type === 'sync' && this.#sync.answered(record.number)) {
      // Without an end marker, the interrupt hit the very line that would have written it.
      this.#settle(this.#endMarker?.exitStatus ?? SIGINT_STATUS, record.cwd);
    }
  }

  #endMarkerCame(record = this.#ending): void {
    if (record === undefined || record !== this.#ending) return;
    this.#ending = undefined;
    this.#facts.current.errexit = record.flags.includes('e');
    if (this.#sync.clean) {
      this.#settle(record.exitStatus, record.cwd);
    } else {
      this.#facts.current.cwd = record.cwd || this.#facts.current.cwd;
      this.#endMarker = record;
      this.#sync.ask();
    }
  }

  /** bash is at top level, or was never away from there. */
  #settle(exitStatus: number, cwd = this.#facts.current.cwd): void {
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

  /** The command is over: what its foreground wrote is handed over, and nothing tries to stop it any more. */
  #takeCurrent(): ForegroundCommand | undefined {
    const command = this.#current;
    this.#current = undefined;
    if (command) this.#fifos.collect(command.request);
    this.#watchdog.stop();
    this.#over?.abort();
    this.#over = undefined;
    return command;
  }

  #stopTarget(command: Pick<StopTarget, 'newestChild' | 'foregroundOnly'>): StopTarget {
    this.#over ??= new AbortController();
    return {
      ...command,
      bashPid: this.#bash.pid,
      over: this.#over.signal,
      interruptBash: () => this.#sync.interrupt(this.#bash.pid),
      askSync: () => this.#sync.ask(),
      endShell: (reason) => this.#bash.kill(reason),
    };
  }
}
