import { abortable } from './abort.ts';
import { NamedShellError } from './errors.ts';
import { Lane } from './lane.ts';
import { OwnLaunches } from './own-launches.ts';

/**
 * The order of one NamedShell object: launches leave one at a time as they were called, so that typed lines stay in
 * order on the server, and streams are open for the first unfinished execution alone.
 */
export class LaunchOrder {
  /** Where executions with callbacks wait for their turn to stream. */
  readonly streams = new Lane();
  readonly own = new OwnLaunches();
  readonly #launches = new Lane();

  async launch<T>(send: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const place = this.#launches.enter();
    try {
      await abortable(place.turn, signal).catch((error: unknown) => {
        throw notSent(error);
      });
      return await send();
    } finally {
      place.leave();
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
