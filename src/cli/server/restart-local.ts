import type { ShellView } from '../../api/extension/shell.ts';
import { takeRestartLock } from '../../devbox/server/restart-lock.ts';
import { sanitiseText } from '../../repl/output/sanitise-text.ts';
import { CliError } from '../cli-error.ts';
import type { Connection } from '../connection.ts';
import { watchServerEnd } from './watch-server-end.ts';

/** What a restart has left and the new server goes on with, in one line. */
export function restartReport(shells: readonly ShellView[]): string {
  const live = shells.filter(({ state }) => state !== 'ended');
  if (live.length === 0) return 'Restarted the local devbox; it had no shells.';
  const names = live.map((shell) => sanitiseText(shell.shell_name)).join(', ');
  const commands = live.reduce((sum, { queue }) => sum + queue.length, 0);
  const unfinished =
    commands === 0 ? '' : `; ${commands === 1 ? '1 command goes' : `${commands} commands go`} on`;
  return `Restarted the local devbox. ${live.length === 1 ? 'Its shell lives' : 'Its shells live'} on (${names})${unfinished}.`;
}

/** What a restart needs of the local devbox. */
export interface LocalServer {
  readonly connection: Connection;
  readonly socketPath: string;
  readonly stateDir: string;
  /** Starts a server of this build. */
  readonly start: () => Promise<unknown>;
}

/**
 * Ends the server of the local devbox and starts one of this build, which takes over the shells with all that runs and
 * waits in them.
 *
 * @returns the shells as they were
 * @throws NamedShellError of kind `invalid_request` when the server cannot keep shells; ServerError when another nsh
 *   restarts it; CliError when the new one does not start: the shells then wait for the next that does
 */
export async function restartLocal(local: LocalServer): Promise<readonly ShellView[]> {
  const { client, devbox } = local.connection;
  const before = (await devbox.shells()) ?? [];
  const lock = await takeRestartLock(local.stateDir);
  try {
    const { ended } = await watchServerEnd(local.socketPath);
    await client.stopServer({ keep_shells: true });
    await ended;
    await local.start();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const message = `${error.message} The one before has ended; its shells are kept for the next nsh.`;
    throw new CliError(error.exitStatus, message, { cause: error });
  } finally {
    await lock.release();
  }
  return before;
}
