import { sanitiseText } from '../../repl/output/sanitise-text.ts';
import { formatDuration } from '../../repl/state/text/format-duration.ts';
import type { ShellCommand } from '../../sdk/shell-commands.ts';
import type { Configuration } from '../configuration.ts';
import { EXIT } from '../exit-status.ts';
import { type HistoryLine, historyLineOf } from '../json/history-line.ts';
import { writeJsonLine } from '../json/write-json-line.ts';
import { shellToLookAt } from '../shell-to-look-at.ts';
import { tell, writeFully } from '../standard-streams.ts';
import { textTable } from '../text-table.ts';
import { momentText } from '../time-of-day.ts';

/**
 * `nsh history NAME`: the commands of a shell, of every client, those that run and wait too.
 *
 * @param entry path of this program
 * @param limit so many of the newest
 * @param json NDJSON: a `historyLine` for each
 */
export async function history(
  configuration: Configuration,
  entry: string,
  name: string,
  limit: number,
  json: boolean,
): Promise<number> {
  await using found = await shellToLookAt(configuration, entry, name, limit);
  const { commands, fromLog } = found;
  if (json) {
    for (const command of commands) await writeJsonLine(historyLineOf(command));
    return EXIT.ok;
  }
  if (commands.length > 0) await writeFully(process.stdout, historyTable(commands, process.stdout.columns));
  else await tell(`the shell ${JSON.stringify(name)} has run nothing yet.`);
  if (fromLog) {
    await tell(
      'from the log of the devbox, which may lag behind: it does not tell when commands began and how long they ran.',
    );
  }
  return EXIT.ok;
}

/** @param columns of the terminal; undefined: none, and commands are whole */
export function historyTable(commands: readonly ShellCommand[], columns: number | undefined): string {
  const now = Date.now();
  const rows = commands
    .map(historyLineOf)
    .map((line) => [
      line.number === null ? '-' : String(line.number),
      momentText(line.started_at_ms ?? line.queued_at_ms ?? 0, now),
      statusOf(line),
      line.duration_ms === null ? '-' : formatDuration(line.duration_ms),
      sanitiseText(line.command),
    ]);
  return textTable(['N', 'BEGAN', 'STATUS', 'TIME', 'COMMAND'], rows, columns);
}

function statusOf({ status, exit_status, end_reason }: HistoryLine): string {
  if (end_reason === 'cancelled') return 'cancelled';
  if (status !== 'completed') return status;
  if (exit_status === null) return 'ended';
  const ended = exit_status === 0 ? 'ok' : `exit ${exit_status}`;
  // The shell ended with it.
  return end_reason === 'shell_ended' ? `${ended}, ended` : ended;
}
