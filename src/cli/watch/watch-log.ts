import { setTimeout } from 'node:timers/promises';
import type { NamedShell } from '../../sdk/named-shell.ts';
import type { WatchLine } from '../json/watch-line.ts';
import { KnownCommands } from './watch-known.ts';

/** How often the log is read, ms. */
export const READ_EVERY_MS = 5_000;

/** So many commands at once can have come between two looks. */
const LIMIT = 1_000;

/**
 * What happens in a shell of a devbox without live events: its log is read again and again. When a command began between
 * two looks, and what is not in the log at all, is not known.
 *
 * @param everyMs the break between two looks
 * @throws NamedShellError when the signal fires, and for what no retry mends
 */
export async function* watchLog(
  shell: NamedShell,
  signal: AbortSignal,
  everyMs = READ_EVERY_MS,
): AsyncGenerator<WatchLine, never> {
  const patiently = { signal, maxRetries: Number.POSITIVE_INFINITY };
  const look = () => shell.history({ limit: LIMIT, waiting: true }, patiently);
  const first = await look();
  yield {
    type: 'shell',
    time_ms: Date.now(),
    shell_name: shell.name,
    state: null,
    cwd: null,
    queue: first.flatMap(({ command, status, number = null, executionId = null }) =>
      status === 'running' || status === 'queued'
        ? [{ number, execution_id: executionId, command, status }]
        : [],
    ),
    missed: false,
  };
  const known = new KnownCommands(first);
  for (;;) {
    await setTimeout(everyMs, undefined, { signal });
    yield* known.changes(await look());
  }
}
