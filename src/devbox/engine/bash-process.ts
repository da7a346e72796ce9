import type { ChildProcess } from 'node:child_process';
import { initLines } from './bootstrap.ts';
import { ControlFifo } from './control-fifo.ts';
import type { BashProgram } from './find-bash.ts';
import { inheritedFds } from './inherited-fds.ts';
import { ChildWatch } from './newest-child.ts';
import { OwnOutput } from './own-output.ts';
import { type SessionFolder, ShellStartError } from './session-folder.ts';
import { describeEnd, type ShellEnd } from './shell-end.ts';
import { spawnBash } from './spawn-bash.ts';
import { StatusFifo } from './status-fifo.ts';
import type { StatusRecord } from './status-records.ts';

const START_LIMIT_MS = 15_000;

export interface BashProcessOptions {
  bash: BashProgram;
  folder: SessionFolder;
  cwd: string;
  env: Record<string, string>;
}

/** A bash at top level and the lines to and from it; what they mean is the session's business. */
export class BashProcess {
  readonly pid: number;
  readonly children: ChildWatch;
  readonly own: OwnOutput;
  /** Called for each report. */
  onRecord: (record: StatusRecord) => void = () => {};
  /** Called once, after the last report. */
  onEnd: (end: ShellEnd) => void = () => {};
  readonly #child: ChildProcess;
  readonly #status: StatusFifo;
  readonly #control: ControlFifo;
  #endReason: string | undefined;
  #ended: ShellEnd | undefined;

  /**
   * @returns the process, and the cwd as bash sees it.
   * @throws ShellStartError when it cannot be started or does not become a shell within 15 s.
   */
  static async start(options: BashProcessOptions): Promise<{ bash: BashProcess; cwd: string }> {
    const { folder } = options;
    const opened: { close(): void }[] = [];
    const keep = <T extends { close(): void }>(fifo: T): T => {
      opened.push(fifo);
      return fifo;
    };
    let onRecord = (_record: StatusRecord) => {};
    try {
      const status = keep(new StatusFifo(folder.status, (record) => onRecord(record)));
      const control = keep(new ControlFifo(folder.control));
      const own = keep(new OwnOutput(folder.ownStdout, folder.ownStderr));
      const child = await spawnBash(options.bash, folder, options.cwd, options.env);
      const bash = new BashProcess(child, status, control, own);
      onRecord = (record) => bash.onRecord(record);
      return { bash, cwd: await bash.#becomeReady(options.bash.path, folder.status) };
    } catch (error) {
      for (const fifo of opened) fifo.close();
      throw error;
    }
  }

  private constructor(child: ChildProcess, status: StatusFifo, control: ControlFifo, own: OwnOutput) {
    this.pid = child.pid ?? 0;
    this.#child = child;
    this.#status = status;
    this.#control = control;
    this.own = own;
    this.children = new ChildWatch(this.pid);
    child.once('exit', (code, signal) => this.#onExit(code, signal));
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
    this.#control.close();
  }

  /** SIGKILL; `reason` is what `onEnd` says, unless one was given before. */
  kill(reason: string): void {
    this.explainEnd(reason);
    if (!this.#ended) this.#child.kill('SIGKILL');
  }

  /** For an end that the engine brings about in another way. */
  explainEnd(reason: string): void {
    this.#endReason ??= reason;
  }

  async #becomeReady(path: string, statusPath: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.onRecord = (record) => {
      if (record.type !== 'ready') return;
      if (record.flags.includes('m')) resolve(record.cwd);
      else this.kill('it has no job control');
    };
    this.onEnd = (end) => reject(new ShellStartError(`${path} did not become a shell: ${end.message}.`));
    const limit = setTimeout(() => this.kill('it was not ready within 15 s'), START_LIMIT_MS);
    this.write(initLines(statusPath, inheritedFds()));
    return promise.finally(() => clearTimeout(limit));
  }

  #onExit(code: number | null, signal: NodeJS.Signals | null): void {
    this.#status.drain();
    this.#status.close();
    this.#control.close();
    this.children.close();
    this.#ended = describeEnd(code, signal, this.#endReason);
    this.onEnd(this.#ended);
  }
}
