import { Refusal } from '../refusal.ts';
import type { Execution } from './execution.ts';
import { type ExecutionRequest, isSameRequest } from './execution-request.ts';

export interface RetentionLimits {
  /** Completed executions kept for one shell, and for the whole devbox. */
  readonly perShell: number;
  readonly perDevbox: number;
  /** Bytes of memory (commands, short outputs) and of output that completed executions of a devbox may keep. */
  readonly memoryBytes: number;
  readonly outputBytes: number;
}

/** So many command ids of dropped executions are known: a launch that is sent again so late must not run again. */
const MOST_DROPPED_IDS = 100_000;

const RETENTION: RetentionLimits = {
  perShell: 1_000,
  perDevbox: 10_000,
  memoryBytes: 64 * 1024 * 1024,
  outputBytes: 8 * 1024 * 1024 * 1024,
};

/**
 * The executions of one devbox by id. Those that wait or run are always kept; of the completed ones the newest,
 * within the limits: the oldest is dropped first, with its output.
 */
export class ExecutionRegistry {
  readonly #limits: RetentionLimits;
  readonly #onForgotten: (execution: Execution) => void;
  readonly #byId = new Map<string, Execution>();
  readonly #byCommandId = new Map<string, Execution>();
  readonly #droppedCommandIds = new Set<string>();
  /**
   * What each is counted with: late output makes it grow. Maps and sets keep the order of insertion, so the first is
   * the oldest, and any can be deleted in O(1).
   */
  readonly #completed = new Map<Execution, Execution['retainedBytes']>();
  readonly #completedOfShell = new Map<string, Set<Execution>>();
  #memoryBytes = 0;
  #outputBytes = 0;

  /** @param onForgotten told of each that is dropped as one of the oldest */
  constructor(
    limits: RetentionLimits = RETENTION,
    onForgotten: (execution: Execution) => void = () => undefined,
  ) {
    this.#limits = limits;
    this.#onForgotten = onForgotten;
  }

  /** Whether one waits or runs. */
  get hasOpen(): boolean {
    return this.#byId.size > this.#completed.size;
  }

  /** In the order in which they were accepted. */
  all(): Iterable<Execution> {
    return this.#byId.values();
  }

  /** The number of the latest command of a shell of that name; 0 when none is kept. */
  lastNumber(shellName: string): number {
    let last = 0;
    for (const { request, number = 0 } of this.#byId.values()) {
      if (request.shellName === shellName) last = Math.max(last, number);
    }
    return last;
  }

  /**
   * @param id the execution's own, or the one that its client gave it: a client that never got the answer to its
   *   launch knows no other
   * @throws Refusal `execution_not_found`, `execution_dropped`
   */
  get(id: string): Execution {
    const execution = this.#byId.get(id) ?? this.#byCommandId.get(id);
    this.#refuseDropped(id);
    if (execution === undefined) {
      throw new Refusal(
        404,
        'execution_not_found',
        `There is no execution ${id} on this devbox: the id is wrong, the server was stopped and started, or it completed so long ago that it was dropped (the newest ${this.#limits.perShell} of a shell are kept).`,
      );
    }
    return execution;
  }

  /**
   * The execution that a request asks for once more: the same command id is the same execution.
   *
   * @throws Refusal `command_id_reused` when the id stands for something else, `execution_dropped` when it ran long ago
   */
  same(request: ExecutionRequest): Execution | undefined {
    const { commandId } = request;
    if (commandId === undefined) return undefined;
    this.#refuseDropped(commandId);
    const known = this.#byCommandId.get(commandId);
    if (known === undefined) return undefined;
    if (isSameRequest(known.request, request)) return known;
    throw new Refusal(
      409,
      'command_id_reused',
      `The id ${commandId} (command_id, or x-request-id of execute_async) was sent before with another command, shell or stdin (execution ${known.id}). Make a new UUIDv7 for each command.`,
    );
  }

  add(execution: Execution): void {
    this.#byId.set(execution.id, execution);
    const { commandId } = execution.request;
    if (commandId !== undefined) this.#byCommandId.set(commandId, execution);
  }

  /** To be called once for each execution, when it has completed. */
  retire(execution: Execution): void {
    this.#count(execution);
    const { shellName } = execution.request;
    if (shellName !== undefined) {
      const ofShell = this.#completedOfShell.get(shellName) ?? new Set();
      this.#completedOfShell.set(shellName, ofShell.add(execution));
      if (ofShell.size > this.#limits.perShell) this.#dropOldest(ofShell);
    }
    this.#dropExcess();
  }

  /** To be called when the late output of an execution has grown. */
  recount(execution: Execution): void {
    if (!this.#completed.has(execution)) return;
    this.#count(execution);
    this.#dropExcess();
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#byId.values()].map((execution) => execution.dispose()));
  }

  #count(execution: Execution): void {
    this.#uncount(execution);
    const bytes = execution.retainedBytes;
    this.#completed.set(execution, bytes);
    this.#memoryBytes += bytes.memory;
    this.#outputBytes += bytes.disk;
  }

  #uncount(execution: Execution): void {
    const { memory, disk } = this.#completed.get(execution) ?? { memory: 0, disk: 0 };
    this.#memoryBytes -= memory;
    this.#outputBytes -= disk;
  }

  #dropExcess(): void {
    // The newest always stays: its client has yet to read it.
    while (this.#completed.size > 1 && this.#isOverLimit()) this.#dropOldest(this.#completed.keys());
  }

  #isOverLimit(): boolean {
    return (
      this.#completed.size > this.#limits.perDevbox ||
      this.#memoryBytes > this.#limits.memoryBytes ||
      this.#outputBytes > this.#limits.outputBytes
    );
  }

  #drop(commandId: string): void {
    this.#byCommandId.delete(commandId);
    this.#droppedCommandIds.add(commandId);
    const [oldest] = this.#droppedCommandIds;
    if (this.#droppedCommandIds.size > MOST_DROPPED_IDS && oldest) this.#droppedCommandIds.delete(oldest);
  }

  #refuseDropped(commandId: string): void {
    if (!this.#droppedCommandIds.has(commandId)) return;
    throw new Refusal(
      410,
      'execution_dropped',
      `The command with the id ${commandId} was run; it completed so long ago that its execution was dropped. It is not run again: make a new UUIDv7 to do that.`,
    );
  }

  #dropOldest(from: Iterable<Execution>): void {
    const [oldest] = from;
    if (oldest === undefined) return;
    this.#uncount(oldest);
    this.#completed.delete(oldest);
    this.#byId.delete(oldest.id);
    this.#onForgotten(oldest);
    const { shellName, commandId } = oldest.request;
    if (commandId !== undefined) this.#drop(commandId);
    const ofShell = shellName === undefined ? undefined : this.#completedOfShell.get(shellName);
    ofShell?.delete(oldest);
    if (shellName !== undefined && ofShell?.size === 0) this.#completedOfShell.delete(shellName);
    // A file that cannot be deleted is left to the next start, which clears the folder.
    oldest.dispose().catch(() => undefined);
  }
}
