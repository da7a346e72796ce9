import { formatDuration } from './text/format-duration.ts';

/** How a command ended, as far as it is known here. */
export type ExitReport =
  | {
      readonly kind: 'completed';
      /** null: the devbox did not say. */
      readonly exitStatus: number | null;
      readonly reason: 'exited' | 'shell_ended' | 'cancelled' | undefined;
      readonly message: string | undefined;
      readonly cwd: string | undefined;
      /** ms, by the devbox's clock where it tells one, else by this machine's, as far as it saw it run. */
      readonly durationMs: number | undefined;
      readonly freshShell: boolean;
      /** The user did not want to see all of its output. */
      readonly skipped?: boolean;
    }
  /** Its end could not be learned, or its output not all be fetched. */
  | { readonly kind: 'lost'; readonly message: string };

/** The one line that a finished block leaves: `✓ 0.3s`, `✗ exit 2 · 3.1s`. */
export function exitLine(report: ExitReport): { readonly ok: boolean; readonly text: string } {
  if (report.kind === 'lost') return { ok: false, text: `? ${report.message}` };
  const { exitStatus, reason, message } = report;
  const took = report.durationMs === undefined ? '' : ` · ${formatDuration(report.durationMs)}`;
  const after = `${took}${report.skipped ? ' · the rest of its output was skipped' : ''}`;
  if (reason === 'cancelled') return { ok: false, text: `⊘ ${message ?? 'cancelled before it ran'}` };
  if (reason === 'shell_ended') {
    const word = message ?? `the shell ended with exit ${exitStatus ?? 'unknown'}`;
    return { ok: exitStatus === 0, text: `⏻ ${word}${after}` };
  }
  if (exitStatus === 0) return { ok: true, text: `✓${after.replace(' ·', '')}` };
  if (exitStatus === null) return { ok: false, text: `? ended, exit status unknown${after}` };
  return { ok: false, text: `✗ exit ${exitStatus}${signalOf(exitStatus)}${after}` };
}

/** bash reports 128+n for signal n; naming the common ones saves a look-up. */
const signals: Record<number, string> = {
  129: 'HUP',
  130: 'INT',
  131: 'QUIT',
  134: 'ABRT',
  137: 'KILL',
  139: 'SEGV',
  141: 'PIPE',
  143: 'TERM',
};

function signalOf(exitStatus: number): string {
  const name = signals[exitStatus];
  return name === undefined ? '' : ` (${name})`;
}
