import type { ShellEvent } from '../../api/extension/shell-event.ts';
import type { NamedShell } from '../../sdk/named-shell.ts';
import type { ShellCommand } from '../../sdk/shell-commands.ts';
import type { WatchLine } from '../json/watch-line.ts';
import { KnownCommands } from './watch-known.ts';

type EventOf<Type extends ShellEvent['type']> = Extract<ShellEvent, { type: Type }>;

/**
 * What happens in a shell, from its live events: each command with its number, each step of it once. What events were
 * missed tell of commands is looked up. Ends when the shell is gone.
 *
 * @param commands of the shell, as they are known by now
 */
export async function* watchEvents(
  shell: NamedShell,
  commands: Iterable<ShellCommand>,
  signal: AbortSignal,
): AsyncGenerator<WatchLine, void> {
  const known = new KnownCommands(commands);
  const patiently = { signal, maxRetries: Number.POSITIVE_INFINITY };
  for await (const event of shell.watch(signal)) {
    if (event.type === 'snapshot') {
      // On the first one too: something may have happened since the commands were listed.
      yield* known.changes(await shell.history({ limit: 1_000, waiting: true }, patiently));
      yield shellLine(event);
      if (event.shells.length > 0 || !event.missed) continue;
      // Closed while nobody could tell of it.
      yield { type: 'shell_closed', time_ms: event.time_ms, reason: null, message: null };
      return;
    }
    const line = lineOf(event, known);
    if (line !== undefined) yield line;
    if (event.type === 'shell_closed') return;
  }
}

function shellLine({ time_ms, shell_name, shells, missed }: EventOf<'snapshot'>): WatchLine {
  const [shell] = shells;
  return {
    type: 'shell',
    time_ms,
    shell_name: shell_name ?? shell?.shell_name ?? '',
    state: shell?.state ?? null,
    cwd: shell?.cwd ?? null,
    queue: (shell?.queue ?? []).map(({ execution_id, command, status, number = null }) => ({
      number,
      execution_id,
      command,
      status,
    })),
    missed,
  };
}

/** undefined: it was told of already. */
function lineOf(
  event: Exclude<ShellEvent, EventOf<'snapshot'>>,
  known: KnownCommands,
): WatchLine | undefined {
  const { time_ms } = event;
  switch (event.type) {
    case 'queued': {
      const { execution_id, command } = event;
      if (!known.comesTo(execution_id, 'queued', event.number)) return undefined;
      return { type: 'queued', time_ms, number: known.number(execution_id), execution_id, command };
    }
    case 'started': {
      const { execution_id } = event;
      if (!known.comesTo(execution_id, 'running')) return undefined;
      return { type: 'started', time_ms, number: known.number(execution_id), execution_id };
    }
    case 'output': {
      const { execution_id, stdout_bytes, stderr_bytes } = event;
      const number = known.number(execution_id);
      return { type: 'output', time_ms, number, execution_id, stdout_bytes, stderr_bytes };
    }
    case 'late_output': {
      const { execution_id, late_stdout_bytes: stdout_bytes, late_stderr_bytes: stderr_bytes } = event;
      const number = known.number(execution_id);
      return { type: 'late_output', time_ms, number, execution_id, stdout_bytes, stderr_bytes };
    }
    case 'completed':
    case 'cancelled':
      return endOf(event, known);
    case 'shell_opened': {
      const { pid, cwd, fresh_shell } = event;
      return { type: 'shell_opened', time_ms, pid, cwd, fresh_shell };
    }
    case 'shell_ended':
      return { type: 'shell_ended', time_ms, message: event.message, cwd: event.cwd };
    case 'shell_closed':
      return { type: 'shell_closed', time_ms, reason: event.reason, message: event.message };
    case 'shell_restored':
    case 'cwd_changed':
      return { type: event.type, time_ms, cwd: event.cwd };
    case 'idle_timeout_changed':
      return { type: 'idle_timeout_changed', time_ms, idle_timeout_ms: event.idle_timeout_ms };
  }
}

function endOf(event: EventOf<'completed' | 'cancelled'>, known: KnownCommands): WatchLine | undefined {
  const { time_ms, execution_id, execution } = event;
  const { nsh, exit_status } = execution;
  if (!known.comesTo(execution_id, 'completed', nsh?.number)) return undefined;
  const about = { time_ms, number: known.number(execution_id), execution_id };
  const message = nsh?.message ?? null;
  if (event.type === 'cancelled') return { type: 'cancelled', ...about, message };
  const { started_at_ms: began, ended_at_ms: ended } = nsh ?? {};
  return {
    type: 'completed',
    ...about,
    exit_status: exit_status ?? null,
    end_reason: nsh?.end_reason ?? null,
    message,
    duration_ms: began === undefined || ended === undefined ? null : ended - began,
  };
}
