import { fstatSync } from 'node:fs';
import { STDIN_BYTES_CAPABILITY } from '../../api/extension/stdin-bytes.ts';
import type { ShellChoice } from '../arguments.ts';
import type { Configuration } from '../configuration.ts';
import { type Connection, connect } from '../connection.ts';
import { openForCommands } from '../open-for-commands.ts';
import { CommandSignals } from '../run/command-signals.ts';
import { runExecution } from '../run/run-execution.ts';

/** Whether stdin has something for a command: a terminal and /dev/null do not. */
function isStdinPiped(): boolean {
  if (process.stdin.isTTY) return false;
  return !fstatSync(0).isCharacterDevice();
}

/** `nsh -c CMD [NAME]`: one command, and its exit status. */
export async function run(
  configuration: Configuration,
  entry: string,
  choice: ShellChoice,
  command: string,
): Promise<number> {
  await using connection = await connect(configuration, entry);
  const { shell } = await openForCommands(connection, choice);
  using signals = new CommandSignals(shell.name);
  const input = isStdinPiped()
    ? { source: process.stdin, takesBytes: () => takesBytes(connection) }
    : undefined;
  const { exitStatus } = await runExecution({ shell, signals, lost: connection.lost }, command, input);
  return exitStatus;
}

async function takesBytes({ client }: Connection): Promise<boolean> {
  return (await client.server())?.capabilities.includes(STDIN_BYTES_CAPABILITY) ?? false;
}
