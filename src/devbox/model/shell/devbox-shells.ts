import { withRemedy } from '../../engine/system-remedy.ts';
import { shellEnvironment } from '../../environment/shell-environment.ts';
import type { CloseReason } from '../devbox/close-reason.ts';
import type { IdleClock } from '../devbox/idle-clock.ts';
import { Refusal } from '../refusal.ts';
import type { Observer } from '../transition.ts';
import { checkDirectory } from './check-directory.ts';
import { checkEnvironment } from './check-environment.ts';
import { Shell, type ShellPast } from './shell.ts';
import { checkShellName } from './shell-name.ts';
import type { BashSetting } from './start-bash.ts';

export interface DevboxShellsOptions {
  readonly devboxId: string;
  readonly setting: BashSetting;
  readonly idleClock: IdleClock;
  readonly observer: Observer;
  /** The number of the latest command that is kept of a shell of that name; 0 when there is none. */
  readonly lastNumber: (shellName: string) => number;
  /** Called when a shell was closed. */
  readonly onClosed: () => void;
}

export interface OpenShell {
  /** Where a bash that is started now begins; the devbox's home if unset. */
  readonly cwd?: string;
  /** What a bash that is started now inherits, and each after it in this shell; what the server has if unset. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Idle for so long, the shell is closed, ms; null: never. Unset: as it is, at first never. */
  readonly idleTimeoutMs?: number | null;
}

/**
 * The named shells of one devbox. A name stands for one shell from its first use to its close; from the moment a close
 * begins the name is free, so whoever comes then gets another shell.
 */
export class DevboxShells {
  readonly #options: DevboxShellsOptions;
  readonly #byName = new Map<string, Shell>();

  constructor(options: DevboxShellsOptions) {
    this.#options = options;
  }

  all(): Shell[] {
    return [...this.#byName.values()];
  }

  find(name: string): Shell | undefined {
    return this.#byName.get(name);
  }

  /** @throws Refusal `shell_not_found` */
  get(name: string): Shell {
    const shell = this.#byName.get(name);
    if (shell === undefined) {
      throw new Refusal(
        404,
        'shell_not_found',
        `There is no shell ${JSON.stringify(name)} on devbox ${this.#options.devboxId}. Run a command with this shell_name, or PUT this path, to make it.`,
      );
    }
    return shell;
  }

  /** The shell of that name, made if there is none. Its bash is not started. */
  ensure(name: string, cwd = this.#options.setting.home, past?: ShellPast): Shell {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const { setting, idleClock, observer, lastNumber } = this.#options;
    const onIdle = () => this.#closeIdle(shell);
    const shell: Shell = new Shell({
      name,
      lastNumber: lastNumber(name),
      setting,
      cwd,
      idleClock,
      observer,
      onIdle,
      ...(past === undefined ? {} : { past }),
    });
    this.#byName.set(name, shell);
    return shell;
  }

  /**
   * Attaches to a shell, making it if there is none; its bash is started now, so that what is wrong shows now.
   *
   * @throws Refusal `shell_name_invalid`, `cwd_invalid`, `environment_invalid`, `shell_not_started`
   */
  async open(name: string, how: OpenShell): Promise<{ created: boolean; shell: Shell }> {
    const { cwd, environment, idleTimeoutMs } = how;
    checkShellName(name);
    if (environment !== undefined) checkEnvironment(environment);
    if (cwd !== undefined && this.#byName.get(name)?.hasBash !== true) await checkDirectory(cwd);
    const created = !this.#byName.has(name);
    const shell = this.ensure(name, cwd);
    try {
      await shell.open(cwd, environment && shellEnvironment(environment));
    } catch (error) {
      if (created && this.#byName.get(name) === shell) this.#byName.delete(name);
      throw notStarted(shell, error);
    }
    if (idleTimeoutMs !== undefined) shell.setIdleTimeout(idleTimeoutMs ?? undefined);
    return { created, shell };
  }

  /**
   * Brings the state of a shell's bash that has ended into a fresh one.
   *
   * @throws Refusal `shell_not_found`, `shell_alive`, `nothing_to_restore`, `shell_not_started`
   */
  async restore(name: string): Promise<Shell> {
    const shell = this.get(name);
    try {
      await shell.restore();
    } catch (error) {
      throw error instanceof Refusal ? error : notStarted(shell, error);
    }
    return shell;
  }

  /** @returns whether there was such a shell */
  async close(name: string, reason: CloseReason): Promise<boolean> {
    const shell = this.#byName.get(name);
    if (shell === undefined) return false;
    // Out of the map first: a command sent while bash is ending gets a shell of its own.
    this.#byName.delete(name);
    await shell.close(reason);
    this.#options.onClosed();
    return true;
  }

  async closeAll(reason: CloseReason): Promise<void> {
    await Promise.all([...this.#byName.keys()].map((name) => this.close(name, reason)));
  }

  #closeIdle(shell: Shell): void {
    if (this.#byName.get(shell.name) !== shell) return;
    // Nobody waits for it; a bash that cannot be ended is ended with the server.
    this.close(shell.name, 'idle_timeout').catch(() => undefined);
  }
}

function notStarted(shell: Shell, error: unknown): Refusal {
  const why = withRemedy(error, 'try again');
  // Whoever asks again at once meets the same: what is wrong here takes a person.
  return new Refusal(500, 'shell_not_started', `Bash could not be started in ${shell.cwd}: ${why}.`, {
    'x-should-retry': 'false',
  });
}
