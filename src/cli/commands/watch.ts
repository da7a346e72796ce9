import type { ConnectionEvent } from '../../sdk/http/connection-monitor.ts';
import { CliError } from '../cli-error.ts';
import type { Configuration } from '../configuration.ts';
import { EXIT } from '../exit-status.ts';
import type { WatchLine } from '../json/watch-line.ts';
import { writeJsonLine } from '../json/write-json-line.ts';
import { shellToLookAt } from '../shell-to-look-at.ts';
import { tell, writeFully } from '../standard-streams.ts';
import { untilSignal } from '../until-signal.ts';
import { watchEvents } from '../watch/watch-events.ts';
import { READ_EVERY_MS, watchLog } from '../watch/watch-log.ts';
import { watchText } from '../watch/watch-text.ts';

/**
 * `nsh watch NAME`: what happens in a shell, live, until Ctrl-C or until the shell is gone. A broken connection is waited
 * out.
 *
 * @param entry path of this program
 * @param json NDJSON: `watchLine`s
 */
export async function watch(
  configuration: Configuration,
  entry: string,
  name: string,
  json: boolean,
): Promise<number> {
  await using found = await shellToLookAt(configuration, entry, name);
  using stopped = untilSignal();
  const show = async (line: WatchLine) => {
    if (json) return writeJsonLine(line);
    const text = watchText(line, process.stdout.columns);
    if (text !== undefined) await writeFully(process.stdout, text);
  };
  const { shell, commands, fromLog } = found;
  const { events, lost } = found.connection;
  const connection = new ConnectionLines();
  const failed = Promise.withResolvers<never>();
  events.subscribe((event) => {
    const line = connection.line(event);
    if (line !== undefined) show(line).catch(failed.reject);
  });
  if (fromLog && !json) {
    await tell(
      `this devbox has no live events: its log is read every ${READ_EVERY_MS / 1000} s, and may lag behind.`,
    );
  }
  const gone = lost.catch((cause: unknown) => {
    throw new CliError(EXIT.connection, 'the local devbox ended, and the shell with it.', { cause });
  });
  const showAll = async () => {
    const { signal } = stopped;
    const lines = fromLog ? watchLog(shell, signal) : watchEvents(shell, commands, signal);
    for await (const line of lines) await show(line);
  };
  try {
    await Promise.race([showAll(), failed.promise, gone]);
  } catch (error) {
    if (!stopped.signal.aborted) throw error;
  }
  return stopped.exitStatus();
}

/** A bad time is told of once, and its end. */
class ConnectionLines {
  #isLost = false;

  line(event: ConnectionEvent): WatchLine | undefined {
    const isLost = event.state !== 'connected';
    if (isLost === this.#isLost) return undefined;
    this.#isLost = isLost;
    const message = event.state === 'connected' ? null : event.reason;
    return { type: 'connection', time_ms: Date.now(), state: isLost ? 'lost' : 'back', message };
  }
}
