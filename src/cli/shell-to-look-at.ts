import type { NamedShell } from '../sdk/named-shell.ts';
import type { ShellCommand } from '../sdk/shell-commands.ts';
import { CliError } from './cli-error.ts';
import type { Configuration } from './configuration.ts';
import { type Connection, connectIfShells } from './connection.ts';
import { EXIT } from './exit-status.ts';

/** A shell that is looked at and not touched: looking makes none. */
export interface ShellToLookAt extends AsyncDisposable {
  readonly connection: Connection;
  readonly shell: NamedShell;
  /** Of every client, oldest first, with those that wait. */
  readonly commands: readonly ShellCommand[];
  /** Whether all is known only from the devbox's log: it is no devbox of nsh. */
  readonly fromLog: boolean;
}

const noShell = (name: string, fromLog: boolean) =>
  new CliError(
    EXIT.failure,
    fromLog
      ? `the devbox’s log has no command of a shell ${JSON.stringify(name)}: there is none, or the log lags behind.`
      : `there is no shell ${JSON.stringify(name)}. \`nsh ls\` lists those that there are.`,
  );

/**
 * Finds a shell, also one that was closed as long as commands of it are kept.
 *
 * @param entry path of this program
 * @param limit so many of its newest commands
 * @throws CliError with status 1 when there is none
 */
export async function shellToLookAt(
  configuration: Configuration,
  entry: string,
  name: string,
  limit = Number.MAX_SAFE_INTEGER,
): Promise<ShellToLookAt> {
  const connection = await connectIfShells(configuration, entry);
  if (connection === undefined) throw noShell(name, false);
  try {
    const shell = connection.devbox.shell(name);
    const commands = await shell.history({ limit, waiting: true });
    const fromLog = (await connection.client.server()) === undefined;
    const isThere = commands.length > 0 || (!fromLog && (await shell.info()) !== undefined);
    if (!isThere) throw noShell(name, fromLog);
    return { connection, shell, commands, fromLog, [Symbol.asyncDispose]: () => connection.client.close() };
  } catch (error) {
    await connection.client.close();
    throw error;
  }
}
