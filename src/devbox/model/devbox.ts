import type { DevboxView } from '../../api/devbox.ts';
import { checkDirectory } from './check-directory.ts';
import { checkCommand } from './command-text.ts';
import type { DevboxJournal } from './devbox-journal.ts';
import type { EventLog } from './event-log.ts';
import { Execution, type ExecutionOwner } from './execution.ts';
import { ExecutionRegistry } from './execution-registry.ts';
import { type ExecutionPast, type ExecutionRequest, isSameRequest } from './execution-request.ts';
import { type Heritage, inherit } from './heritage.ts';
import type { IdleClock } from './idle-clock.ts';
import { recordOfTransition } from './journal-of.ts';
import { OneShot } from './one-shot.ts';
import type { OutputFiles } from './output-files.ts';
import { Refusal } from './refusal.ts';
import { Shell, type ShellPast } from './shell.ts';
import { ShellFeed } from './shell-feed.ts';
import { checkShellName } from './shell-name.ts';
import type { BashSetting } from './start-bash.ts';
import type { CloseReason, Growth, Observer, Transition } from './transition.ts';

export interface DevboxOptions {
  readonly id: string;
  readonly name?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly launchParameters: Readonly<Record<string, unknown>>;
  /** Unix time, ms. */
  readonly createdAtMs: number;
  readonly setting: BashSetting;
  readonly files: OutputFiles;
  /** Where everything that happens is noted for the next server. */
  readonly journal: DevboxJournal;
  /** Most bytes held of each output stream; the spool's own limit if unset. */
  readonly outputCapBytes?: number;
  readonly idleClock: IdleClock;
  /** Called when a bash has ended. */
  readonly onBashEnded: () => void;
}

export interface OpenShell {
  /** Where a bash that is started now begins; the devbox's home if unset. */
  readonly cwd?: string;
  /** Idle for so long, the shell is closed, ms; null: never. Unset: as it is, at first never. */
  readonly idleTimeoutMs?: number | null;
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
  readonly #shells = new Map<string, Shell>();
  readonly #oneShots = new Map<Execution, OneShot>();
  #endedAtMs: number | undefined;
  #isInheriting = false;

  constructor(options: DevboxOptions) {
    this.id = options.id;
    this.#options = options;
  }

  get status(): 'running' | 'shutdown' {
    return this.#endedAtMs === undefined ? 'running' : 'shutdown';
  }
  /** Whether a bash is alive here. */
  get isBusy(): boolean {
    return this.#oneShots.size > 0 || this.shells().some((shell) => shell.hasBash);
  }

  /** What happens in its shells. */
  get events(): EventLog {
    return this.#feed.log;
  }

  view(): DevboxView {
    const { name, metadata, launchParameters, createdAtMs } = this.#options;
    const ended = this.#endedAtMs;
    return {
      id: this.id,
      name: name ?? null,
      status: this.status,
      capabilities: [],
      create_time_ms: createdAtMs,
      end_time_ms: ended ?? null,
      launch_parameters: launchParameters,
      metadata: { ...metadata },
      state_transitions: [
        { status: 'running', transition_time_ms: createdAtMs },
        ...(ended === undefined ? [] : [{ status: 'shutdown' as const, transition_time_ms: ended }]),
      ],
      ...(ended === undefined ? {} : { shutdown_reason: 'api_shutdown' }),
    };
  }

  /**
   * Accepts a command: into the queue of its shell, which is made on first use, or to a bash of its own.
   * The same command id again is the same execution.
   *
   * @throws Refusal for a bad command or name, a command id that stands for something else, a devbox that was shut down
   */
  execute(request: ExecutionRequest): Execution {
    this.#refuseAfterShutdown();
    checkCommand(request.command);
    if (request.shellName !== undefined) checkShellName(request.shellName);
    const known = this.#sameCommand(request);
    if (known !== undefined) return known;
    return request.shellName === undefined
      ? this.#runAlone(request)
      : this.#enqueue(request, this.#shell(request.shellName));
  }

  shells(): Shell[] {
    return [...this.#shells.values()];
  }

  /** @throws Refusal `shell_not_found` */
  shell(name: string): Shell {
    const shell = this.#shells.get(name);
    if (shell === undefined) {
      throw new Refusal(
        404,
        'shell_not_found',
        `There is no shell ${JSON.stringify(name)} on devbox ${this.id}. Run a command with this shell_name, or PUT this path, to make it.`,
      );
    }
    return shell;
  }

  /**
   * Attaches to a shell, making it if there is none; its bash is started now, so that what is wrong shows now.
   *
   * @throws Refusal `shell_name_invalid`, `cwd_invalid`, `shell_not_started`
   */
  async openShell(name: string, how: OpenShell): Promise<{ created: boolean; shell: Shell }> {
    const { cwd, idleTimeoutMs } = how;
    this.#refuseAfterShutdown();
    checkShellName(name);
    if (cwd !== undefined && this.#shells.get(name)?.hasBash !== true) await checkDirectory(cwd);
    const created = !this.#shells.has(name);
    const shell = this.#shell(name, cwd);
    try {
      await shell.open(cwd);
    } catch (error) {
      if (created && this.#shells.get(name) === shell) this.#shells.delete(name);
      const why = error instanceof Error ? error.message : String(error);
      throw new Refusal(500, 'shell_not_started', `Bash could not be started in ${shell.cwd}: ${why}`);
    }
    if (idleTimeoutMs !== undefined) shell.setIdleTimeout(idleTimeoutMs ?? undefined);
    return { created, shell };
  }

  /** @returns whether there was such a shell */
  async closeShell(name: string, reason: CloseReason = 'request'): Promise<boolean> {
    const shell = this.#shells.get(name);
    if (shell === undefined) return false;
    // Out of the map first: a command sent while bash is ending gets a shell of its own.
    this.#shells.delete(name);
    await shell.close(reason);
    this.#options.onBashEnded();
    return true;
  }

  /** Takes over what an earlier server has left; it goes on with `goOn`. */
  async inherit(): Promise<Heritage> {
    const { setting, journal } = this.#options;
    this.#isInheriting = true;
    const { executions } = journal.past;
    const heritage = await inherit(
      {
        setting,
        left: await this.#options.files.takeStock((id) => executions.has(id)),
        shell: (name, how) => this.#shell(name, how?.cwd, how?.past),
        execution: (request, past) => this.#inherited(request, past),
        alone: (execution, adopted) => {
          const oneShot = this.#oneShots.get(execution) ?? new OneShot(setting);
          this.#keep(
            oneShot,
            execution,
            adopted === undefined
              ? oneShot.run(execution)
              : oneShot.follow(execution, adopted.bash, adopted.last),
          );
        },
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

  /** Deletes what is kept for the next server, and all output. */
  async dispose(): Promise<void> {
    this.#options.journal.dispose();
    await this.executions.dispose();
    await this.#options.files.dispose();
  }

  /**
   * Brings the state of a shell's bash that has ended into a fresh one.
   *
   * @throws Refusal `shell_not_found`, `shell_alive`, `nothing_to_restore`, `shell_not_started`
   */
  async restoreShell(name: string): Promise<Shell> {
    this.#refuseAfterShutdown();
    const shell = this.shell(name);
    try {
      await shell.restore();
    } catch (error) {
      if (error instanceof Refusal) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new Refusal(500, 'shell_not_started', `Bash could not be started in ${shell.cwd}: ${why}`);
    }
    return shell;
  }

  /** Ends every bash; what waits is cancelled. Nothing is accepted afterwards. */
  async shutdown(): Promise<void> {
    this.#endedAtMs ??= Date.now();
    await Promise.all([
      ...[...this.#shells.keys()].map((name) => this.closeShell(name, 'devbox_shutdown')),
      ...[...this.#oneShots].map(([execution, oneShot]) => oneShot.close(execution)),
    ]);
    this.events.end();
  }

  /** Every change of every shell and execution of this devbox comes through here, in its order. */
  happened(transition: Transition): void {
    const record = recordOfTransition(transition);
    if (record !== undefined) this.#options.journal.append(record);
    if (transition.kind === 'completed' && !this.#isInheriting) this.executions.retire(transition.execution);
    this.#feed.happened(transition);
    if (transition.kind === 'shell_ended') this.#options.onBashEnded();
  }

  grew(execution: Execution, growth: Growth): void {
    this.#feed.grew(execution, growth);
  }

  #shell(name: string, cwd = this.#options.setting.home, past?: ShellPast): Shell {
    const { setting, idleClock } = this.#options;
    const known = this.#shells.get(name);
    if (known !== undefined) return known;
    const onIdle = () => this.#closeIdle(shell);
    const shell: Shell = new Shell({
      name,
      setting,
      cwd,
      idleClock,
      observer: this,
      onIdle,
      ...(past === undefined ? {} : { past }),
    });
    this.#shells.set(name, shell);
    return shell;
  }

  #closeIdle(shell: Shell): void {
    if (this.#shells.get(shell.name) !== shell) return;
    // Nobody waits for it; a bash that cannot be ended is ended with the server.
    this.closeShell(shell.name, 'idle_timeout').catch(() => undefined);
  }

  #enqueue(request: ExecutionRequest, shell: Shell): Execution {
    const execution = this.#accept(request, shell);
    shell.enqueue(execution);
    return execution;
  }

  #runAlone(request: ExecutionRequest): Execution {
    const oneShot = new OneShot(this.#options.setting);
    const execution = this.#accept(request, oneShot);
    execution.queued();
    this.#keep(oneShot, execution, oneShot.run(execution));
    return execution;
  }

  #keep(oneShot: OneShot, execution: Execution, done: Promise<void>): void {
    this.#oneShots.set(execution, oneShot);
    void done.finally(() => {
      this.#oneShots.delete(execution);
      this.#options.onBashEnded();
    });
  }

  #inherited(request: ExecutionRequest, past: ExecutionPast): Execution {
    if (past.end !== undefined) return this.#accept(request, NOBODY, past);
    if (request.shellName !== undefined) {
      const { shellName } = request;
      // The shell is made later, when all that is known of it is.
      const owner: ExecutionOwner = {
        cancel: (execution, message) => this.#shells.get(shellName)?.cancel(execution, message),
        isNext: (execution) => this.#shells.get(shellName)?.isNext(execution) ?? false,
      };
      return this.#accept(request, owner, past);
    }
    const oneShot = new OneShot(this.#options.setting);
    const execution = this.#accept(request, oneShot, past);
    this.#oneShots.set(execution, oneShot);
    return execution;
  }

  #accept(request: ExecutionRequest, owner: ExecutionOwner, past?: ExecutionPast): Execution {
    const { files, outputCapBytes } = this.#options;
    const execution = new Execution({
      devboxId: this.id,
      request,
      owner,
      observer: this,
      files,
      ...(outputCapBytes === undefined ? {} : { outputCapBytes }),
      ...(past === undefined ? {} : { past }),
    });
    this.executions.add(execution);
    return execution;
  }

  #sameCommand(request: ExecutionRequest): Execution | undefined {
    if (request.commandId === undefined) return undefined;
    const known = this.executions.byCommandId(request.commandId);
    if (known === undefined) return undefined;
    if (isSameRequest(known.request, request)) return known;
    throw new Refusal(
      409,
      'command_id_reused',
      `The id ${request.commandId} (command_id, or x-request-id of execute_async) was sent before with another command, shell or stdin (execution ${known.id}). Make a new UUIDv7 for each command.`,
    );
  }

  #refuseAfterShutdown(): void {
    if (this.#endedAtMs === undefined) return;
    throw new Refusal(
      409,
      'devbox_not_running',
      `Devbox ${this.id} was shut down and runs nothing any more. Create another.`,
    );
  }
}
