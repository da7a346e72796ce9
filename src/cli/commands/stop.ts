import type { ShellView } from '../../api/extension/shell.ts';
import { sanitiseText } from '../../repl/output/sanitise-text.ts';
import type { Configuration } from '../configuration.ts';
import { connectLocal } from '../connection.ts';
import { EXIT } from '../exit-status.ts';
import { findShellsServer } from '../server/local-server.ts';
import { watchServerEnd } from '../server/watch-server-end.ts';
import { writeFully } from '../standard-streams.ts';

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

/** What stopping ended, in one line. */
export function stopReport(shells: readonly ShellView[]): string {
  const live = shells.filter(({ state }) => state !== 'ended');
  if (live.length === 0) return 'Stopped the local devbox; it had no shells.';
  const names = live.map((shell) => sanitiseText(shell.shell_name)).join(', ');
  const commands = live.reduce((sum, { queue }) => sum + queue.length, 0);
  const unfinished = commands === 0 ? '' : `, and ${counted(commands, 'unfinished command')}`;
  return `Stopped the local devbox with ${counted(live.length, 'shell')} (${names})${unfinished}.`;
}

/**
 * `nsh stop`: ends the local devbox, waits until it has ended, and says what ended with it. Shells that a killed
 * server left are ended too.
 */
export async function stop(configuration: Configuration, entry: string): Promise<number> {
  const socketPath = await findShellsServer(entry, configuration.state);
  if (socketPath === undefined) {
    await writeFully(process.stdout, 'No local devbox is running.\n');
    return EXIT.ok;
  }
  await using connection = connectLocal(socketPath);
  const shells = (await connection.devbox.shells()) ?? [];
  const { ended } = await watchServerEnd(socketPath);
  await connection.client.stopServer();
  await ended;
  await writeFully(process.stdout, `${stopReport(shells)}\n`);
  return EXIT.ok;
}
