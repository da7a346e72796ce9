import type { ShellView } from '../api/extension/shell.ts';
import { sanitiseText } from '../repl/output/sanitise-text.ts';
import { textTable } from './text-table.ts';

const HEADINGS = ['NAME', 'STATE', 'PID', 'QUEUE', 'LAST USED', 'CWD'];

/** @param now Unix time, ms */
function ago(then: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - then) / 1000));
  if (seconds < 60) return `${seconds}s ago`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h ago` : `${Math.floor(hours / 24)}d ago`;
}

/** What a narrow terminal has no room for, the least needed first; never the name. */
const LESS_NEEDED = ['PID', 'LAST USED', 'QUEUE', 'CWD', 'STATE'];

/**
 * What `nsh ls` prints: padded by the columns that a terminal gives each cell, the folder last as it may be long.
 *
 * @param columns of the terminal; undefined: it is no terminal
 */
export function shellTable(shells: readonly ShellView[], now: number, columns?: number): string {
  const rows = shells.map((shell) =>
    [
      shell.shell_name,
      shell.state,
      shell.pid === undefined ? '-' : String(shell.pid),
      // The running command is the head of the queue; what waits behind it is what people ask for.
      String(shell.queue.filter(({ status }) => status === 'queued').length),
      ago(shell.last_used_at_ms, now),
      shell.cwd,
      // Names and folders are other people's text: no escape and no line break may leave its cell.
    ].map((text) => sanitiseText(text)),
  );
  return textTable(HEADINGS, rows, columns, LESS_NEEDED);
}
