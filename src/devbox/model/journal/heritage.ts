import type { Outcome } from '../../engine/bash-session.ts';
import type { Execution } from '../execution/execution.ts';
import type { ExecutionPast, ExecutionRequest } from '../execution/execution-request.ts';
import { GONE, lossOf, lostEnd, missingOutput, pastOf, requestOf } from '../execution/past-execution.ts';
import { type AdoptedBash, adoptBash, lastTag } from '../shell/adopt-bash.ts';
import type { Shell, ShellPast } from '../shell/shell.ts';
import type { BashSetting } from '../shell/start-bash.ts';
import type { DevboxPast, PastExecution } from './devbox-past.ts';
import type { RecordOf } from './journal-record.ts';

/** What `inherit` needs of a devbox. */
export interface Heir {
  readonly setting: BashSetting;
  /** Of each execution the names of the streams of which there are files. */
  readonly left: ReadonlyMap<string, ReadonlySet<string>>;
  /** Makes the shell, or finds it. */
  shell(name: string, how?: { cwd: string; past: ShellPast }): Shell;
  /** Makes an execution that is one of this devbox's; its owner follows from the request. */
  execution(request: ExecutionRequest, past: ExecutionPast): Execution;
  /** Runs a command without a shell, or goes on with it. */
  alone(execution: Execution, adopted?: { bash: AdoptedBash; last: Promise<Outcome> }): void;
}

export interface Heritage {
  /** Folders of bashes that were taken over. */
  readonly sessions: readonly string[];
  /** By these the states and environments of shells are named that are still there. */
  readonly shellKeys: readonly string[];
  /** Lets everything run that waits. */
  goOn(): void;
}

/** One that has not ended, as it was and as it is. */
interface Open {
  readonly known: PastExecution;
  readonly execution: Execution;
}

/**
 * Goes on where an earlier server was: what had completed is there with its output, bashes that live are taken over with
 * what they run, and what waited waits in its order. What bash was given last, it noted before it was: that decides what
 * has begun, so nothing is run twice.
 */
export async function inherit(heir: Heir, past: DevboxPast): Promise<Heritage> {
  const inheritance = new Inheritance(heir, past);
  await inheritance.takeShells();
  await inheritance.takeOneShots();
  return inheritance.heritage();
}

class Inheritance {
  readonly #heir: Heir;
  readonly #past: DevboxPast;
  readonly #executions = new Map<string, Execution>();
  readonly #open: Open[] = [];
  readonly #sessions: string[] = [];
  readonly #starts: (() => void)[] = [];

  constructor(heir: Heir, past: DevboxPast) {
    this.#heir = heir;
    this.#past = past;
    for (const [id, known] of past.executions) {
      const execution = heir.execution(requestOf(known), pastOf(known, heir.left.get(id)));
      this.#executions.set(id, execution);
      if (known.ended === undefined) this.#open.push({ known, execution });
      const missing = missingOutput(execution, known);
      if (missing !== undefined) execution.lost(missing);
    }
  }

  async takeShells(): Promise<void> {
    const queues = new Map([...this.#past.shells.keys()].map((name) => [name, [] as Open[]]));
    for (const one of this.#open) {
      const { shell } = one.known.accepted;
      if (shell === undefined) continue;
      const queue = queues.get(shell) ?? [];
      queue.push(one);
      queues.set(shell, queue);
    }
    // All at once: each waits for answers of its keeper.
    await Promise.all([...queues].map(([name, queue]) => this.#takeShell(name, queue)));
  }

  async takeOneShots(): Promise<void> {
    const alone = this.#open.filter(({ known }) => known.accepted.shell === undefined);
    await Promise.all(alone.map((one) => this.#takeOneShot(one)));
  }

  heritage(): Heritage {
    return {
      sessions: this.#sessions,
      shellKeys: [...this.#past.shells.values()].map(({ key }) => key),
      goOn: () => {
        for (const start of this.#starts) start();
      },
    };
  }

  async #takeShell(name: string, queue: readonly Open[]): Promise<void> {
    const record = this.#past.shells.get(name);
    const shell = this.#heir.shell(name, record && shellPast(record));
    const { bash, given } = await this.#adopt(record?.session);
    let running: Execution | undefined;
    const waiting: Execution[] = [];
    for (const one of queue) {
      const { execution, known } = one;
      if (bash?.last !== undefined && execution.id === given) {
        running = execution;
        this.#takeOver(one, bash);
      } else if (bash === undefined && (execution.id === given || known.started !== undefined)) {
        execution.complete(lostEnd());
      } else {
        await this.#waitAgain(one);
        waiting.push(execution);
      }
    }
    shell.inherit(bash, running, waiting);
    if (bash === undefined && record?.session !== undefined) shell.lose(GONE);
    this.#starts.push(() => shell.goOn());
  }

  /** Its bash has a folder of the execution's name. */
  async #takeOneShot(one: Open): Promise<void> {
    const { execution, known } = one;
    const isGiven = lastTag(this.#heir.setting, execution.id) === execution.id;
    const { bash } = await this.#adopt(isGiven ? execution.id : undefined);
    if (bash?.last !== undefined) {
      this.#takeOver(one, bash);
      const last = bash.last.command.outcome;
      this.#starts.push(() => this.#heir.alone(execution, { bash, last }));
    } else if (isGiven || known.started !== undefined) {
      execution.complete(lostEnd());
    } else {
      await this.#waitAgain(one);
      this.#starts.push(() => this.#heir.alone(execution));
    }
  }

  /** @returns `given`: the command that it was given last, also when it cannot be taken over */
  async #adopt(session: string | undefined): Promise<{ bash?: AdoptedBash; given?: string }> {
    if (session === undefined) return {};
    const given = lastTag(this.#heir.setting, session);
    const bash = await adoptBash(this.#heir.setting, session, (id) => this.#executions.get(id));
    if (bash !== undefined) this.#sessions.push(session);
    return { ...(bash === undefined ? {} : { bash }), ...(given === undefined ? {} : { given }) };
  }

  #takeOver({ execution, known }: Open, { last, end }: AdoptedBash): void {
    if (last === undefined) return;
    const loss = lossOf(known, this.#past.handedOver);
    execution.takeOver({ running: last.command, life: end.signal }, loss);
  }

  async #waitAgain({ execution, known }: Open): Promise<void> {
    await execution.waitAgain(known.inputs.map(({ text }) => text));
  }
}

function shellPast({ cwd, key, at, idle_ms }: RecordOf<'shell'>): { cwd: string; past: ShellPast } {
  return {
    cwd,
    past: { key, createdAtMs: at, ...(idle_ms === undefined ? {} : { idleTimeoutMs: idle_ms }) },
  };
}
