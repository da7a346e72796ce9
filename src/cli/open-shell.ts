import type { NamedShell } from '../sdk/named-shell.ts';
import type { ShellChoice } from './arguments.ts';
import { callerEnvironment } from './caller-environment.ts';
import { startFolder } from './configuration.ts';
import type { Connection } from './connection.ts';

export interface OpenedShell {
  readonly shell: NamedShell;
  /** Undefined: the server cannot tell. */
  readonly created: boolean | undefined;
  /** Where it stands; undefined: the server cannot tell. */
  readonly cwd: string | undefined;
  /** The number of the newest command of the shell; undefined: the server does not count them. */
  readonly lastNumber: number | undefined;
  /** This shell and no later one of its name; undefined: the server cannot tell. */
  readonly id: string | undefined;
}

/**
 * The shell of the command line. On this machine a new one starts in the folder that nsh was started in, with the
 * environment of nsh; a remote devbox has its own folders, and home is where its shells start.
 */
export async function openShell(connection: Connection, { name }: ShellChoice): Promise<OpenedShell> {
  const shell = connection.devbox.shell(name);
  const cwd = connection.isLocal ? startFolder(process.env) : undefined;
  const opened = await shell.open({ cwd, environment: await callerEnvironment(connection) });
  const view = opened?.shell;
  return {
    shell,
    created: opened?.created,
    cwd: view?.cwd,
    lastNumber: view?.last_number,
    id: view?.shell_id,
  };
}
