import { Completion } from './completion.ts';
import type { NamedShellError } from './errors.ts';
import { Execution } from './execution.ts';
import { findLaunched } from './find-launched.ts';
import type { Link } from './http/link.ts';
import type { Launch } from './launch.ts';
import type { RequestOptions } from './options.ts';

/** How long after its connection broke a request may still arrive at the server, ms. */
const LONGEST_WAY_MS = 2_000;

/**
 * A launch of which it is not known whether it was carried out: `shell.unsettled`. Later launches on that object wait
 * until it is found or, on the embedded devbox, known not to have arrived; or until the caller lets them go.
 */
export class UnsettledLaunch {
  /** Its text. */
  readonly command: string;
  /** The id that the launch carried (`command_id`, `x-request-id`). */
  readonly commandId: string;
  /** What the call that launched it threw. */
  readonly error: NamedShellError;
  readonly #link: Link;
  readonly #launch: Launch;
  readonly #onFound: (executionId: string) => void;
  readonly #since = performance.now();
  readonly #settled = new AbortController();

  /** @internal */
  constructor(link: Link, launch: Launch, error: NamedShellError, onFound: (executionId: string) => void) {
    this.command = launch.command;
    this.commandId = launch.commandId;
    this.error = error;
    this.#link = link;
    this.#launch = launch;
    this.#onFound = onFound;
  }

  /** @internal Fires when later launches may leave. */
  get settled(): AbortSignal {
    return this.#settled.signal;
  }

  /** Whether later launches may leave. */
  get isSettled(): boolean {
    return this.#settled.signal.aborted;
  }

  /**
   * Looks once for the command among the devbox's executions and in its logs. When it is found, or known not to have
   * arrived, later launches leave.
   *
   * @returns undefined when it is not there. Unless `isSettled` that does not prove that it was not started: on the
   *   service logs lag behind
   * @throws NamedShellError when the signal fires
   */
  async look(options?: RequestOptions): Promise<Execution | undefined> {
    const asked = performance.now();
    const view = await findLaunched(this.#link, this.#launch, options);
    if (view === 'absent' && asked - this.#since > LONGEST_WAY_MS) this.#settled.abort();
    if (view === undefined || view === 'absent') return undefined;
    this.#link.launched.add(view.execution_id);
    this.#onFound(view.execution_id);
    this.#settled.abort();
    const completion = new Completion();
    completion.observe(view);
    const { devboxId, lastN } = this.#launch;
    return new Execution(this.#link, {
      devboxId,
      executionId: view.execution_id,
      completion,
      delivered: undefined,
      lastN,
    });
  }

  /** The caller decides that it does not matter: later launches leave. */
  goOn(): void {
    this.#settled.abort();
  }
}
