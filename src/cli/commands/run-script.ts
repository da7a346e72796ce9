import type { ShellChoice } from '../arguments.ts';
import type { Configuration } from '../configuration.ts';
import { connect } from '../connection.ts';
import { EXIT } from '../exit-status.ts';
import { openForCommands } from '../open-for-commands.ts';
import { CommandSignals } from '../run/command-signals.ts';
import { runExecution } from '../run/run-execution.ts';
import { readCommands } from '../run/script-commands.ts';
import { ScriptLineError } from '../run/script-line-error.ts';

/**
 * A script on stdin: each command is sent when the one before has ended, so what it prints comes in order and
 * nothing is queued behind a failure. It ends where bash would end it: with its input, with `exit`, or when Ctrl-C
 * ended a command.
 *
 * @param stopAtFailure ends at the first command that fails, too
 * @returns the exit status of the last command that ran
 */
export async function runScript(
  configuration: Configuration,
  entry: string,
  choice: ShellChoice,
  stopAtFailure: boolean,
): Promise<number> {
  await using connection = await connect(configuration, entry);
  const { shell } = await openForCommands(connection, choice);
  using signals = new CommandSignals(shell.name);
  const commands = readCommands(process.stdin);
  let exitStatus: number = EXIT.ok;
  for (;;) {
    const next = await Promise.race([commands.next(), signals.left]);
    if (next.done) return exitStatus;
    const { line, text } = next.value;
    const end = await runExecution({ shell, signals, lost: connection.lost }, text).catch((error) => {
      throw new ScriptLineError(line, error);
    });
    exitStatus = end.exitStatus;
    const stopped = signals.interrupted && exitStatus === EXIT.interrupted;
    if (end.shellEnded || stopped || (stopAtFailure && exitStatus !== 0)) return exitStatus;
  }
}
