import { checkCommand } from '../execution/command-text.ts';
import { Execution, type ExecutionOwner } from '../execution/execution.ts';
import { ExecutionRegistry } from '../execution/execution-registry.ts';
import type { ExecutionPast, ExecutionRequest } from '../execution/execution-request.ts';
import { OneShots } from '../execution/one-shots.ts';
import type { OutputFiles } from '../execution/output-files.ts';
import type { DevboxJournal } from '../journal/devbox-journal.ts';
import type { DevboxRecord } from '../journal/devbox-record.ts';
import { type Heritage, inherit } from '../journal/heritage.ts';
import { recordOfTransition } from '../journal/journal-of.ts';
import type { EventLog } from '../logs/event-log.ts';
import { LogFeed } from '../logs/log-feed.ts';
import { ShellFeed } from '../logs/shell-feed.ts';
import { DevboxShells, type OpenShell } from '../shell/devbox-shells.ts';
import type { Shell } from '../shell/shell.ts';
import { checkShellName } from '../shell/shell-name.ts';
import type { BashSetting } from '../shell/start-bash.ts';
import type { Growth, Observer, Transition } from '../transition.ts';
import type { CloseReason } from './close-reason.ts';
import type { DevboxFiles } from './devbox-files.ts';
import { DevboxLife } from './devbox-life.ts';
import type { IdleClock } from './idle-clock.ts';

export interface DevboxOptions {
  readonly record: DevboxRecord;
  readonly setting: BashSetting;
  readonly outputFiles: OutputFiles;
  /** What its user may read and write. */
  readonly files: DevboxFiles;
  /** Where everything that happens is noted for the next server. */
  readonly journal: DevboxJournal;
  /** Most bytes held of each output stream; the spool's own limit if unset. */
  readonly outputCapBytes?: number;
  readonly idleClock: IdleClock;
  /** Called when a bash has ended. */
  readonly onBashEnded: () => void;
  /** Called when one of the times is over that its launch parameters gave it. */
  readonly onOver: (action: 'shutdown' | 'suspend', reason: 'idle' | 'ttl_expired') => void;
}

/** Owns what has completed: nothing is left to cancel. */
const NOBODY: ExecutionOwner = { cancel: () => undefined, isNext: () => false };

/** One devbox: its shells, and every execution it was sent. */
export class Devbox implements Observer {
  readonly id: string;
  readonly executions = new ExecutionRegistry(undefined, ({ id }) =>
    this.#options.journal.append({ t: 'forgotten', id }),
  );
  readonly #feed = new ShellFeed((execution) => this.executions.recount(execution));
  readonly #options: DevboxOptions;
  readonly #shells: DevboxShells;
  readonly #oneShots: OneShots;
  readonly life: DevboxLife;
  readonly logs = new LogFeed();
  readonly files: DevboxFiles;
  #isInheriting = false;

  constructor(options: DevboxOptions) {
    this.#options = options;
    const { record, setting, idleClock, onBashEnded, onOver } = options;
    const { id } = record;
    this.id = id;
    this.files = options.files;
    this.life = new DevboxLife({
      record,
      home: setting.home,
      clock: idleClock,
      isBusy: () => this.executions.hasOpen,
      end: (reason, isOver) => this.#end(reason, isOver),
      onOver,
    });
    this.#shells = new DevboxShells({
      devboxId: id,
      setting,
      idleClock,
      observer: this,
      lastNumber: (name) => this.executions.lastNumber(name),
      onClosed: onBashEnded,
    });
    this.#oneShots = new OneShots(setting, onBashEnded);
  }

  /** Whether a bash is alive here. */
  get isBusy(): boolean {
    return this.#oneShots.size > 0 || this.shells().some((shell) => shell.hasBash);
  }

  /** What happens in its shells. */
  get events(): EventLog {
    return this.#feed.log;
  }

  /**
   * Accepts a command: into the queue of its shell, which is made on first use, or to a bash of its own.
   * The same command id again is the same execution.
   *
   * @throws Refusal for a bad command or name, a command id that stands for something else, a devbox that was shut down
   */
  execute(request: ExecutionRequest): Execution {
    this.life.refuseUnlessRunning();
    checkCommand(request.command);
    if (request.shellName !== undefined) checkShellName(request.shellName);
    const known = this.executions.same(request);
    if (known !== undefined) return known;
    return request.shellName === undefined
      ? this.#runAlone(request)
      : this.#enqueue(request, this.#shells.ensure(request.shellName));
  }

  shells(): Shell[] {
    return this.#shells.all();
  }

  /** @throws Refusal `shell_not_found` */
  shell(name: string): Shell {
    return this.#shells.get(name);
  }

  /** @see DevboxShells.open */
  async openShell(name: string, how: OpenShell): Promise<{ created: boolean; shell: Shell }> {
    this.life.refuseUnlessRunning();
    return this.#shells.open(name, how);
  }

  /** @see DevboxShells.restore */
  async restoreShell(name: string): Promise<Shell> {
    this.life.refuseUnlessRunning();
    return this.#shells.restore(name);
  }

  /** @returns whether there was such a shell */
  async closeShell(name: string): Promise<boolean> {
    return this.#shells.close(name, 'request');
  }

  /** Takes over what an earlier server has left; it goes on with `goOn`. */
  async inherit(): Promise<Heritage> {
    const { setting, journal } = this.#options;
    this.#isInheriting = true;
    const { executions } = journal.past;
    const heritage = await inherit(
      {
        setting,
        left: await this.#options.outputFiles.takeStock((id) => executions.has(id)),
        shell: (name, how) => this.#shells.ensure(name, how?.cwd, how?.past),
        execution: (request, past) => this.#inherited(request, past),
        alone: (execution, adopted) => this.#oneShots.start(execution, adopted),
      },
      journal.past,
    );
    this.#isInheriting = false;
    const completed = [...this.executions.all()].filter(({ status }) => status === 'completed');
    completed.sort((a, b) => (a.endedAtMs ?? 0) - (b.endedAtMs ?? 0));
    for (const execution of completed) this.executions.retire(execution);
    return heritage;
  }

  /** Resolves when all output that came so far is on disk. */
  async flush(): Promise<void> {
    await Promise.all([...this.executions.all()].map((execution) => execution.flush()));
  }

  /** Bytes of output so far. */
  get outputBytes(): number {
    let bytes = 0;
    for (const { stdout, stderr, late } of this.executions.all()) {
      bytes += stdout.size + stderr.size + late.stdout.size + late.stderr.size;
    }
    return bytes;
  }

  /** Everything is on disk: the next server may say so. */
  handOver(): void {
    this.#options.journal.append({ t: 'handed_over' });
  }

  /** Deletes what is kept for the next server, which is not to know it. */
  closeJournal(): void {
    this.#options.journal.dispose();
  }

  /** The same, and all output. */
  async dispose(): Promise<void> {
    this.closeJournal();
    await this.executions.dispose();
    await this.#options.outputFiles.dispose();
  }

  /** Every change of every shell and execution of this devbox comes through here, in its order. */
  happened(transition: Transition): void {
    const record = recordOfTransition(transition);
    if (record !== undefined) this.#options.journal.append(record);
    if (transition.kind === 'completed' && !this.#isInheriting) this.executions.retire(transition.execution);
    this.#feed.happened(transition);
    this.logs.happened(transition);
    if (transition.kind === 'shell_ended') this.#options.onBashEnded();
    if (!this.#isInheriting) this.life.used();
  }

  grew(execution: Execution, growth: Growth): void {
    this.#feed.grew(execution, growth);
  }

  /** Ends every process; what waits is cancelled. */
  async #end(reason: CloseReason, isOver: boolean): Promise<void> {
    await Promise.all([this.#shells.closeAll(reason), this.#oneShots.closeAll(reason)]);
    if (!isOver) return;
    this.events.end();
    this.logs.end();
  }

  #enqueue(request: ExecutionRequest, shell: Shell): Execution {
    const execution = this.#accept(request, shell, { number: shell.nextNumber() });
    shell.enqueue(execution);
    return execution;
  }

  #runAlone(request: ExecutionRequest): Execution {
    const execution = this.#oneShots.add((owner) => this.#accept(request, owner));
    execution.queued();
    this.#oneShots.start(execution);
    return execution;
  }

  #inherited(request: ExecutionRequest, past: ExecutionPast): Execution {
    if (past.end !== undefined) return this.#accept(request, NOBODY, { past });
    if (request.shellName !== undefined) {
      const { shellName } = request;
      // The shell is made later, when all that is known of it is.
      const owner: ExecutionOwner = {
        cancel: (execution, message) => this.#shells.find(shellName)?.cancel(execution, message),
        isNext: (execution) => this.#shells.find(shellName)?.isNext(execution) ?? false,
      };
      return this.#accept(request, owner, { past });
    }
    return this.#oneShots.add((owner) => this.#accept(request, owner, { past }));
  }

  #accept(
    request: ExecutionRequest,
    owner: ExecutionOwner,
    known: { number: number } | { past: ExecutionPast } | undefined = undefined,
  ): Execution {
    const { outputFiles: files, outputCapBytes } = this.#options;
    const execution = new Execution({
      devboxId: this.id,
      request,
      owner,
      observer: this,
      files,
      ...(outputCapBytes === undefined ? {} : { outputCapBytes }),
      ...known,
    });
    this.executions.add(execution);
    return execution;
  }
}
