import type { ExecutionView } from '../api/execution.ts';
import { abortable, pause } from './abort.ts';
import { NamedShellError } from './errors.ts';
import type { Link } from './http/link.ts';
import { backOff } from './http/retry-policy.ts';
import { Lane } from './lane.ts';
import { isUnknownOutcome, type Launch, launchCommand } from './launch.ts';
import type { RequestOptions } from './options.ts';
import { OwnLaunches } from './own-launches.ts';
import { openScope } from './scope.ts';
import { UnsettledLaunch } from './unsettled-launch.ts';

/**
 * The order of one NamedShell object: launches leave one at a time as they were called, so that typed lines stay in
 * order on the server, and streams are open for the first unfinished execution alone. One of which nobody knows
 * whether it was carried out holds those behind it: they may depend on it.
 */
export class LaunchOrder {
  /** Where executions with callbacks wait for their turn to stream. */
  readonly streams = new Lane();
  readonly own = new OwnLaunches();
  readonly #launches = new Lane();
  #unsettled: UnsettledLaunch | undefined;

  get unsettled(): UnsettledLaunch | undefined {
    return this.#unsettled?.isSettled === false ? this.#unsettled : undefined;
  }

  /** @param make called when it is its turn */
  async launch(link: Link, make: () => Launch, options: RequestOptions | undefined): Promise<ExecutionView> {
    const place = this.#launches.enter();
    try {
      await this.#turn(link, place.turn, options?.signal ?? undefined).catch((error: unknown) => {
        throw notSent(error);
      });
      return await this.#send(link, make(), options);
    } finally {
      place.leave();
    }
  }

  async #send(link: Link, launch: Launch, options: RequestOptions | undefined): Promise<ExecutionView> {
    try {
      return await launchCommand(link, launch, options);
    } catch (error) {
      if (isUnknownOutcome(error)) {
        this.#unsettled = new UnsettledLaunch(link, launch, error, (id) => this.own.add(id, launch.command));
      }
      throw error;
    }
  }

  /** Whoever is next looks for what is unsettled; those behind wait for its place. */
  async #turn(link: Link, turn: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
    await abortable(turn, signal);
    const { unsettled } = this;
    if (unsettled === undefined) return;
    // The caller's decision ends the looking, as its signal does.
    const scope = openScope(unsettled.settled, { signal }, 'The launch before');
    try {
      for (let round = 1; !unsettled.isSettled; round++) {
        await unsettled.look({ signal: scope.signal, maxRetries: 0 });
        await pause(backOff(round), scope.signal, link.transport.closed);
      }
    } catch (error) {
      if (!unsettled.isSettled) throw error;
    } finally {
      scope.release();
    }
  }
}

function notSent(error: unknown): NamedShellError {
  const kind = error instanceof NamedShellError ? error.kind : 'aborted';
  return new NamedShellError(
    kind,
    'The command was given up while it waited for the launch before it: it was never sent.',
    { cause: error },
  );
}
