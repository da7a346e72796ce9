import type { ShellCommand } from '../sdk/shell-commands.ts';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-status.ts';

/** A command of which the server can be asked. */
export type KnownCommand = ShellCommand & { readonly executionId: string };

/**
 * @param which the number that `nsh history` shows, or an execution's id
 * @throws CliError with status 1 when it is not among the shell's commands
 */
export function findCommand(
  shellName: string,
  commands: readonly ShellCommand[],
  which: string,
): KnownCommand {
  const isWanted = /^\d+$/.test(which)
    ? ({ number }: ShellCommand) => number === Number(which)
    : ({ executionId }: ShellCommand) => executionId === which;
  const found = commands.find(isWanted);
  const shell = `the shell ${JSON.stringify(shellName)}`;
  if (found === undefined) {
    throw new CliError(
      EXIT.failure,
      `${shell} has no command ${which}${heldNumbers(commands)}. \`nsh history\` lists what there is.`,
    );
  }
  const { executionId } = found;
  if (executionId === undefined) {
    throw new CliError(
      EXIT.server,
      `the log of the devbox does not tell the id of command ${which}, so its output cannot be asked for.`,
    );
  }
  return { ...found, executionId };
}

function heldNumbers(commands: readonly ShellCommand[]): string {
  const numbers = commands.flatMap(({ number }) => (number === undefined ? [] : [number]));
  const [first, last] = [numbers.at(0), numbers.at(-1)];
  if (first === undefined) return '';
  return first === last
    ? `: its only one has the number ${first}`
    : `: their numbers go from ${first} to ${last}`;
}
