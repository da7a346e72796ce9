import type { BashSession, Outcome } from '../../engine/bash-session.ts';
import { NOT_STARTED_STATUS } from '../../engine/running-command.ts';
import { withRemedy } from '../../engine/system-remedy.ts';
import type { AdoptedBash } from '../shell/adopt-bash.ts';
import { type BashSetting, startBash } from '../shell/start-bash.ts';
import { CANCELLED_EXIT_STATUS, type Execution, type ExecutionOwner } from './execution.ts';
import { completeWith, runExecution } from './run-execution.ts';

/**
 * A command without a shell's name: a bash of its own from the devbox's home. That bash is let go afterwards, so
 * background jobs that the command left live on. Its folder has the execution's id for a name.
 */
export class OneShot implements ExecutionOwner {
  readonly #setting: BashSetting;
  #life = new AbortController();
  #session: BashSession | undefined;
  #closed = false;

  constructor(setting: BashSetting) {
    this.#setting = setting;
  }

  /** Never rejects: whatever happens is the end of the execution. */
  async run(execution: Execution): Promise<void> {
    try {
      const { home } = this.#setting;
      const session = await startBash(this.#setting, { name: execution.id, cwd: home });
      this.#session = session;
      if (execution.status === 'queued' && !this.#closed) {
        const bash = { session, fresh: false, life: this.#life.signal };
        completeWith(execution, await runExecution(bash, execution));
      }
      await this.#letGo(session);
    } catch (error) {
      execution.complete({
        reason: 'cancelled',
        exitStatus: NOT_STARTED_STATUS,
        message: `bash could not be started: ${withRemedy(error, 'send the command again')}`,
      });
    } finally {
      this.#life.abort();
    }
  }

  /** Follows a command that an earlier server has begun, to its end. */
  async follow(execution: Execution, { session, end }: AdoptedBash, last: Promise<Outcome>): Promise<void> {
    this.#life = end;
    this.#session = session;
    try {
      completeWith(execution, await last);
      await this.#letGo(session);
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

  /** Ends its bash and the command. @param why for people: `the devbox was shut down` */
  async close(execution: Execution, why: string): Promise<void> {
    this.#closed = true;
    if (execution.status === 'queued') this.cancel(execution, `${why} before this command ran`);
    await this.#session?.close();
  }

  async #letGo(session: BashSession): Promise<void> {
    await (this.#closed ? session.close() : session.release());
  }
}
