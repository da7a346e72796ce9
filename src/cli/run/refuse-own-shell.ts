import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-status.ts';
import type { OpenedShell } from '../open-shell.ts';

/**
 * A command for the shell that nsh itself runs in would wait for nsh, which waits for the command.
 *
 * @throws CliError with status 71
 */
export function refuseOwnShell({ id, shell }: OpenedShell): void {
  if (id === undefined || id !== process.env.NSH_SHELL_ID) return;
  throw new CliError(
    EXIT.ownShell,
    `this nsh runs inside of the shell ${JSON.stringify(shell.name)}: a command sent there would wait for nsh, and nsh for the command. Run it without nsh, in a subshell, or name another shell; \`env -u NSH_SHELL_ID nsh …\` sends it all the same.`,
  );
}
