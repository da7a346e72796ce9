import { setTimeout } from 'node:timers/promises';
import { fitText } from '../../repl/output/fit-text.ts';
import { sanitiseText } from '../../repl/output/sanitise-text.ts';
import type { Execution } from '../../sdk/execution.ts';
import type { NamedShell } from '../../sdk/named-shell.ts';
import { tell } from '../standard-streams.ts';

/** Nobody wonders before, ms. */
const WONDERED_AFTER_MS = 1_000;
/** Cells of a command that are shown. */
const COMMAND_CELLS = 40;

/**
 * Tells people what a command waits for when it has been in the queue for a moment. Programs are told nothing: their
 * stderr must hold what the command wrote and nothing else.
 *
 * @param over aborted when the command is over
 */
export async function tellQueue(shell: NamedShell, execution: Execution, over: AbortSignal): Promise<void> {
  if (!process.stderr.isTTY || execution.status !== 'queued') return;
  try {
    await setTimeout(WONDERED_AFTER_MS, undefined, { signal: over });
    const queue = (await shell.info({ signal: over, maxRetries: 0 }))?.queue ?? [];
    const place = queue.findIndex(({ execution_id }) => execution_id === execution.executionId);
    const [first, ...others] = queue.slice(0, Math.max(0, place));
    if (first === undefined || over.aborted) return;
    const command = fitText(sanitiseText(first.command), COMMAND_CELLS);
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    await tell(
      `waiting in the shell ${JSON.stringify(shell.name)} for \`${command}\`${more}; Ctrl-C gives up.`,
    );
  } catch {
    // The command is over, or the connection broke, which is told by others.
  }
}
