import { fitText } from '../../repl/output/fit-text.ts';
import { sanitiseText } from '../../repl/output/sanitise-text.ts';
import { formatDuration } from '../../repl/state/text/format-duration.ts';
import type { WatchLine } from '../json/watch-line.ts';
import { timeOfDay } from '../time-of-day.ts';

/**
 * A line of `nsh watch` for people; undefined for what would only be noise to them.
 *
 * @param columns of the terminal; undefined: none, and lines are whole
 */
export function watchText(line: WatchLine, columns: number | undefined): string | undefined {
  const text = sentence(line);
  if (text === undefined) return undefined;
  const safe = sanitiseText(`${timeOfDay(line.time_ms)}  ${text}`);
  return `${columns === undefined ? safe : fitText(safe, columns)}\n`;
}

const numbered = ({ number, execution_id }: { number: number | null; execution_id: string | null }) =>
  number === null ? (execution_id ?? '#?') : `#${number}`;

function sentence(line: WatchLine): string | undefined {
  switch (line.type) {
    case 'shell': {
      const { state, cwd, queue, missed } = line;
      const running = queue.filter(({ status }) => status === 'running');
      const waiting = queue.length - running.length;
      const parts = [
        line.shell_name,
        ...(state === null ? [] : [state]),
        ...(cwd === null ? [] : [cwd]),
        ...running.map((one) => `runs ${numbered(one)} ${one.command}`),
        ...(waiting === 0 ? [] : [`${waiting} waiting`]),
        ...(missed ? ['events before this may be missing'] : []),
      ];
      return parts.join(' · ');
    }
    case 'queued':
      return `${numbered(line)} queued  ${line.command}`;
    case 'started':
      return `${numbered(line)} started`;
    case 'completed': {
      const failed = line.exit_status === 0 ? [] : [`exit ${line.exit_status ?? 'unknown'}`];
      const took = line.duration_ms === null ? [] : [formatDuration(line.duration_ms)];
      const why = line.message === null ? [] : [line.message];
      const mark = line.exit_status === 0 ? '✓' : '✗';
      return `${numbered(line)} ${mark} ${[...failed, ...took, ...why].join(' · ')}`;
    }
    case 'cancelled':
      return `${numbered(line)} did not run: ${line.message ?? 'cancelled'}`;
    case 'shell_opened':
      return `bash ${line.pid} ${line.fresh_shell ? 'started afresh' : 'started'} in ${line.cwd}`;
    case 'shell_ended':
      return `the shell ended: ${line.message ?? 'its bash is gone'}; the next command starts a fresh bash`;
    case 'shell_restored':
      return `the state of the bash that ended is back, in ${line.cwd}`;
    case 'shell_closed':
      return `the shell is gone: ${line.message ?? 'it was closed'}`;
    case 'cwd_changed':
      return `now in ${line.cwd}`;
    case 'idle_timeout_changed':
      return line.idle_timeout_ms === null
        ? 'never closed for being idle'
        : `closed when idle for ${formatDuration(line.idle_timeout_ms)}`;
    case 'connection':
      return `connection ${line.state}${line.message === null ? '' : `: ${line.message}`}`;
    case 'output':
    case 'late_output':
      return undefined;
  }
}
