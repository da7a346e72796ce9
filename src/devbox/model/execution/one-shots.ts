import type { Outcome } from '../../engine/bash-session.ts';
import { CLOSE_MESSAGES, type CloseReason } from '../devbox/close-reason.ts';
import type { AdoptedBash } from '../shell/adopt-bash.ts';
import type { BashSetting } from '../shell/start-bash.ts';
import type { Execution, ExecutionOwner } from './execution.ts';
import { OneShot } from './one-shot.ts';

/** The commands of one devbox that have a bash of their own: here from their acceptance until that bash is let go. */
export class OneShots {
  readonly #setting: BashSetting;
  readonly #onBashEnded: () => void;
  readonly #byExecution = new Map<Execution, OneShot>();

  constructor(setting: BashSetting, onBashEnded: () => void) {
    this.#setting = setting;
    this.#onBashEnded = onBashEnded;
  }

  get size(): number {
    return this.#byExecution.size;
  }

  /** @param accept makes the execution for its owner. `start` is to be called once for it. */
  add(accept: (owner: ExecutionOwner) => Execution): Execution {
    const oneShot = new OneShot(this.#setting);
    const execution = accept(oneShot);
    this.#byExecution.set(execution, oneShot);
    return execution;
  }

  /** @param adopted the bash that an earlier server began it in */
  start(execution: Execution, adopted?: { bash: AdoptedBash; last: Promise<Outcome> }): void {
    const oneShot = this.#byExecution.get(execution);
    if (oneShot === undefined) throw new Error(`Execution ${execution.id} has no bash of its own to run in.`);
    const done =
      adopted === undefined ? oneShot.run(execution) : oneShot.follow(execution, adopted.bash, adopted.last);
    void done.finally(() => {
      this.#byExecution.delete(execution);
      this.#onBashEnded();
    });
  }

  async closeAll(reason: CloseReason): Promise<void> {
    const why = CLOSE_MESSAGES[reason];
    await Promise.all([...this.#byExecution].map(([execution, oneShot]) => oneShot.close(execution, why)));
  }
}
