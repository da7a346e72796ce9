import { access } from 'node:fs/promises';
import { ControlFifo } from '../fifos/control-fifo.ts';
import { OwnOutput } from '../fifos/own-output.ts';
import { StatusFifo } from '../fifos/status-fifo.ts';
import type { StatusRecord } from '../fifos/status-records.ts';
import { Keeper, type KeeperProcess } from '../keeper/keeper.ts';
import { replaceKeeper } from '../keeper/replace-keeper.ts';
import { ChildWatch } from '../processes/newest-child.ts';
import { type SessionFolder, ShellStartError } from '../session-folder.ts';
import { AdoptedLife, type BashLife, childLife } from './bash-life.ts';
import { initLines, restoreLines } from './bootstrap.ts';
import type { BashProgram } from './find-bash.ts';
import { inheritedFds } from './inherited-fds.ts';
import type { ShellEnd } from './shell-end.ts';
import { spawnBash } from './spawn-bash.ts';

const START_LIMIT_MS = 15_000;

export interface BashProcessOptions {
  bash: BashProgram;
  folder: SessionFolder;
  cwd: string;
  env: Record<string, string>;
  orphanLifeMs: number;
  restoreFrom: string | undefined;
}

export interface OrphanedBash {
  folder: SessionFolder;
  pid: number;
  startedAt: number;
  bashPath: string;
  orphanLifeMs: number;
  /** The last that is known of its keeper. */
  keeper: KeeperProcess | undefined;
  /** Names of the FIFOs that a keeper must hold. */
  fifos: readonly string[];
}

interface Ends {
  status: StatusFifo;
  control: ControlFifo;
  own: OwnOutput;
}

/** A bash at top level and the lines to and from it; what they mean is the session's business. */
export class BashProcess {
  readonly pid: number;
  readonly children: ChildWatch;
  readonly own: OwnOutput;
  /** Called for each report. */
  onRecord: (record: StatusRecord) => void = () => {};
  /** Undefined for a shell that need not outlive its server. */
  keeper: Keeper | undefined;
  readonly #life: BashLife;
  readonly #status: StatusFifo;
  readonly #control: ControlFifo;
  #onEnd: (end: ShellEnd) => void = () => {};
  #endReason: string | undefined;
  #ended: ShellEnd | undefined;

  /**
   * @returns the process, and the cwd as bash sees it.
   * @throws ShellStartError when it cannot be started or does not become a shell within 15 s.
   */
  static async start(options: BashProcessOptions): Promise<{ bash: BashProcess; cwd: string }> {
    const { folder, orphanLifeMs } = options;
    await checkSnapshot(options.restoreFrom);
    return BashProcess.#withEnds(folder, async (ends) => {
      const bash = new BashProcess(
        childLife(await spawnBash(options.bash, folder, options.cwd, options.env)),
        ends,
      );
      bash.watchLife();
      try {
        const ready = bash.#becomeReady(options);
        ready.catch(() => {}); // it is awaited below, after the keeper
        if (orphanLifeMs > 0) {
          bash.keeper = Keeper.start({ dir: folder.path, bashPath: options.bash.path, orphanLifeMs });
          await bash.keeper.hold(folder.fifoNames.all());
        }
        return { bash, cwd: await ready };
      } catch (error) {
        bash.discard('it could not be started');
        throw error;
      }
    });
  }

  /** Takes over a bash whose server is dead, and its keeper. Its end is noticed from `watchLife` on. */
  static async adopt(orphan: OrphanedBash): Promise<BashProcess> {
    const dir = orphan.folder.path;
    return BashProcess.#withEnds(orphan.folder, async (ends) => {
      const bash = new BashProcess(new AdoptedLife(orphan.pid, orphan.startedAt), ends);
      bash.keeper = Keeper.find(dir);
      const silent = { keeper: bash.keeper, process: orphan.keeper };
      if (!(await bash.keeper?.adopt())) {
        const { bashPath, orphanLifeMs, fifos } = orphan;
        await replaceKeeper({ dir, bashPath, orphanLifeMs }, fifos, silent, (keeper) => {
          bash.keeper = keeper;
        });
      }
      return bash;
    });
  }

  static async #withEnds<T>(folder: SessionFolder, work: (ends: Ends) => Promise<T>): Promise<T> {
    const opened: { close(): void }[] = [];
    const keep = <E extends { close(): void }>(end: E): E => {
      opened.push(end);
      return end;
    };
    try {
      const status = keep(new StatusFifo(folder.status));
      const control = keep(new ControlFifo(folder.control));
      return await work({ status, control, own: keep(new OwnOutput(folder.ownStdout, folder.ownStderr)) });
    } catch (error) {
      for (const end of opened) end.close();
      throw error;
    }
  }

  private constructor(life: BashLife, ends: Ends) {
    this.pid = life.pid;
    this.#life = life;
    this.#status = ends.status;
    this.#control = ends.control;
    this.own = ends.own;
    this.children = new ChildWatch(life.pid);
    ends.status.onRecord = (record) => {
      if (record.type === 'kept') this.keeper?.answered(record.fd);
      else this.onRecord(record);
    };
  }

  /** Whoever is to get the last reports is there: from now on its end is noticed. */
  watchLife(): void {
    this.#life.onEnd((describe) => this.#onExit(describe));
    this.own.watchWriters(() => this.#life.look());
  }

  /** Called once, after the last report; soon, when it has ended before. */
  set onEnd(listener: (end: ShellEnd) => void) {
    this.#onEnd = listener;
    const ended = this.#ended;
    if (ended) queueMicrotask(() => listener(ended));
  }

  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** Lines for bash to read at top level. */
  write(lines: string): void {
    this.#control.write(lines);
  }

  /** bash meets the end of its input and exits, with its EXIT trap. */
  endInput(): void {
    this.keeper?.dropControl();
    this.#control.close();
    this.#life.look();
  }

  /** SIGKILL; `reason` is what `onEnd` says, unless one was given before. */
  kill(reason: string): void {
    this.explainEnd(reason);
    if (!this.#ended) this.#life.kill();
  }

  /** Ends it and its keeper, of a session that cannot be. Nobody is told. */
  discard(reason: string): void {
    this.onRecord = () => {};
    this.onEnd = () => {};
    this.kill(reason);
    this.keeper?.quit();
  }

  /** For an end that the engine brings about in another way. */
  explainEnd(reason: string): void {
    this.#endReason ??= reason;
  }

  async #becomeReady(options: BashProcessOptions): Promise<string> {
    const dir = options.folder.path;
    const first = this.#nextReady(options.bash.path);
    this.write(initLines(dir, inheritedFds()));
    const { flags, cwd } = await first;
    if (!flags.includes('m')) {
      this.kill('it has no job control');
      await this.#nextReady(options.bash.path);
    }
    if (options.restoreFrom === undefined) return cwd;
    const restored = this.#nextReady(options.bash.path);
    this.write(restoreLines(dir, options.restoreFrom));
    return (await restored).cwd;
  }

  #nextReady(path: string): Promise<{ flags: string; cwd: string }> {
    const { promise, resolve, reject } = Promise.withResolvers<{ flags: string; cwd: string }>();
    this.onRecord = (record) => {
      if (record.type === 'ready') resolve(record);
    };
    this.onEnd = (end) => reject(new ShellStartError(`${path} did not become a shell: ${end.message}.`));
    const limit = setTimeout(() => this.kill('it was not ready within 15 s'), START_LIMIT_MS);
    return promise.finally(() => clearTimeout(limit));
  }

  #onExit(describe: (reason: string | undefined) => ShellEnd): void {
    this.#status.drain();
    this.#status.close();
    this.#control.close();
    this.children.close();
    this.#ended = describe(this.#endReason);
    this.#onEnd(this.#ended);
  }
}

/** @throws ShellStartError when there is none to read. */
async function checkSnapshot(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  await access(path).catch((error: Error) => {
    throw new ShellStartError(`The shell's state cannot be restored from ${path}: ${error.message}`, {
      cause: error,
    });
  });
}
