import type { BashSession } from '../engine/bash-session.ts';
import { CANCELLED_EXIT_STATUS, type Execution, type ExecutionOwner } from './execution.ts';
import { completeWith, runExecution } from './run-execution.ts';
import { NOT_STARTED_EXIT_STATUS } from './shell.ts';
import { type BashSetting, startBash } from './start-bash.ts';

/**
 * A command without a shell's name: a bash of its own from the devbox's home. That bash is let go afterwards, so
 * background jobs that the command left live on.
 */
export class OneShot implements ExecutionOwner {
  readonly #setting: BashSetting;
  readonly #life = new AbortController();
  #session: BashSession | undefined;
  #closed = false;

  constructor(setting: BashSetting) {
    this.#setting = setting;
  }

  /** Never rejects: whatever happens is the end of the execution. */
  async run(execution: Execution): Promise<void> {
    try {
      const session = await startBash(this.#setting, this.#setting.home);
      this.#session = session;
      if (execution.status === 'queued' && !this.#closed) {
        const bash = { session, fresh: false, life: this.#life.signal };
        completeWith(execution, await runExecution(bash, execution));
      }
      await (this.#closed ? session.close() : session.release());
    } catch (error) {
      execution.complete({
        reason: 'cancelled',
        exitStatus: NOT_STARTED_EXIT_STATUS,
        message: `bash could not be started: ${error instanceof Error ? error.message : String(error)}`,
      });
    } finally {
      this.#life.abort();
    }
  }

  cancel(execution: Execution, message: string): void {
    execution.complete({ reason: 'cancelled', exitStatus: CANCELLED_EXIT_STATUS, message });
  }

  isNext(): boolean {
    return true;
  }

  /** Ends its bash and the command. */
  async close(execution: Execution): Promise<void> {
    this.#closed = true;
    if (execution.status === 'queued')
      this.cancel(execution, 'the devbox was shut down before this command ran');
    await this.#session?.close();
  }
}
