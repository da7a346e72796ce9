import type { ShellChoice } from './arguments.ts';
import type { Connection } from './connection.ts';
import { type OpenedShell, openShell } from './open-shell.ts';
import { refuseOwnShell } from './run/refuse-own-shell.ts';
import { tellOtherBuild } from './server/meet-other-build.ts';

/**
 * The shell of the command line, for commands that are sent without a person at the keys.
 *
 * @throws CliError with status 71 when this nsh runs inside of that shell
 */
export async function openForCommands(connection: Connection, choice: ShellChoice): Promise<OpenedShell> {
  await tellOtherBuild(connection);
  const opened = await openShell(connection, choice);
  refuseOwnShell(opened);
  return opened;
}
