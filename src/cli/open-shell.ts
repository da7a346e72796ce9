import type { NamedShell } from '../sdk/named-shell.ts';
import type { ShellChoice } from './arguments.ts';
import { startFolder } from './configuration.ts';
import type { Connection } from './connection.ts';

export interface OpenedShell {
  readonly shell: NamedShell;
  /** Undefined: the server cannot tell. */
  readonly created: boolean | undefined;
  /** Where it stands; undefined: the server cannot tell. */
  readonly cwd: string | undefined;
}

/**
 * The shell of the command line. On this machine a new one starts in the folder that nsh was started in; a remote
 * devbox has its own folders, and home is where its shells start.
 */
export async function openShell(
  { devbox, isLocal }: Connection,
  { name }: ShellChoice,
): Promise<OpenedShell> {
  const shell = devbox.shell(name);
  const cwd = isLocal ? startFolder(process.env) : undefined;
  const opened = await shell.open(cwd === undefined ? {} : { cwd });
  return { shell, created: opened?.created, cwd: opened?.shell.cwd };
}
