import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { StdinTextDecoder } from '../../api/extension/stdin-bytes.ts';
import { NamedShellError } from '../../sdk/errors.ts';
import type { Execution } from '../../sdk/execution.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-status.ts';

/** How long to wait when the server holds as much input as it will, ms. */
const FULL_AGAIN_MS = 250;

export interface CommandInput {
  readonly source: Readable;
  /** Whether the server takes bytes that are not UTF-8. Asked only when there are such. */
  readonly takesBytes: () => Promise<boolean>;
}

/**
 * Sends what comes in to the command, in order, each piece once the one before was taken, then its end.
 *
 * @param over aborted when the command is over: what it did not read is nobody's any more
 * @throws CliError with status 65 for bytes that the server cannot take
 */
export async function feedStdin(execution: Execution, input: CommandInput, over: AbortSignal): Promise<void> {
  const decoder = new StdinTextDecoder();
  let asked = false;
  const send = async (text: string) => {
    if (decoder.escaped && !asked) {
      asked = true;
      if (!(await input.takesBytes())) throw notText();
    }
    if (text !== '' && !over.aborted) await sendWhenTaken(execution, text, over);
  };
  try {
    for await (const bytes of input.source as AsyncIterable<Uint8Array>) await send(decoder.decode(bytes));
    await send(decoder.flush());
    if (!over.aborted) await execution.closeStdIn();
  } catch (error) {
    if (over.aborted || (await isCompleted(execution))) return;
    throw error;
  }
}

/** A command that waits in the queue is held little input for: the rest is sent again until it runs. */
export async function sendWhenTaken(execution: Execution, text: string, over: AbortSignal): Promise<void> {
  for (;;) {
    try {
      return await execution.sendStdIn(text);
    } catch (error) {
      if (!(error instanceof NamedShellError && error.code === 'stdin_full')) throw error;
    }
    await setTimeout(FULL_AGAIN_MS, undefined, { signal: over });
  }
}

function notText(): CliError {
  return new CliError(
    EXIT.refused,
    'stdin is not UTF-8 text, and this server takes nothing else. Put it into a file on the devbox and read that.',
  );
}

/** Input for a command that ended meanwhile is refused; that is the command's business and no error. */
async function isCompleted(execution: Execution): Promise<boolean> {
  return (await execution.getState()).status === 'completed';
}
