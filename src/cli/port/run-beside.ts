import type { Devbox } from '../../sdk/devbox.ts';

/** UTF-16 units. What prints more than this is not what it was asked for. */
const MOST_OUTPUT = 4 * 1024 * 1024;

/**
 * Runs a command in a bash of its own and gives its stdout.
 *
 * @param signal ends the command, not only the waiting
 * @throws NamedShellError
 */
export async function runBeside(devbox: Devbox, command: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  let output = '';
  const take = (chunk: string) => {
    if (output.length < MOST_OUTPUT) output += chunk;
  };
  // Without the signal: a launch that is broken off may leave a command that nobody can end.
  const launching = devbox.cmd.execAsync(command, { stdout: take });
  const end = () => {
    // Nobody is left to be told: where the devbox is gone there is no command to end either.
    launching.then((execution) => execution.kill({ processGroup: true })).catch(() => undefined);
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    const execution = await launching;
    await execution.result({ signal });
    return output;
  } finally {
    signal.removeEventListener('abort', end);
  }
}
