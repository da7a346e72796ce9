import type { Devbox } from '../sdk/devbox.ts';
import type { Execution } from '../sdk/execution.ts';

/** UTF-16 units. What prints more than this is not what it was asked for. */
const MOST_OUTPUT = 4 * 1024 * 1024;

/**
 * Runs a command in a bash of its own and gives its stdout.
 *
 * @param signal ends the command, not only the waiting
 * @throws NamedShellError
 */
export async function runBeside(devbox: Devbox, command: string, signal: AbortSignal): Promise<string> {
  let output = '';
  let execution: Execution | undefined;
  const take = (chunk: string) => {
    if (output.length < MOST_OUTPUT) output += chunk;
  };
  try {
    execution = await devbox.cmd.execAsync(command, { stdout: take }, { signal });
    await execution.result({ signal });
    return output;
  } finally {
    // Not awaited: nobody is to wait for a devbox that is slow. One that is gone has no command to end either.
    if (signal.aborted) execution?.kill({ processGroup: true }).catch(() => undefined);
  }
}
