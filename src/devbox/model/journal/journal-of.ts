import type { Execution } from '../execution/execution.ts';
import type { Shell } from '../shell/shell.ts';
import type { Transition } from '../transition.ts';
import type { JournalRecord } from './journal-record.ts';

/** The record of a transition; undefined where the next server need not know. */
export function recordOfTransition(transition: Transition): JournalRecord | undefined {
  switch (transition.kind) {
    case 'queued':
      return accepted(transition.execution);
    case 'input': {
      const { execution, text } = transition;
      return { t: 'input', id: execution.id, ...(text === undefined ? {} : { text }) };
    }
    case 'started': {
      const { id, startedAtMs = Date.now(), freshShell } = transition.execution;
      return { t: 'started', id, at: startedAtMs, ...(freshShell ? { fresh: true } : {}) };
    }
    case 'completed':
      return ended(transition.execution);
    case 'shell_closed':
      return { t: 'shell_closed', name: transition.shell.name };
    case 'shell_opened':
    case 'shell_ended':
    case 'idle_timeout_changed':
      return shellRecord(transition.shell);
    default:
      return undefined;
  }
}

function accepted({ id, number, request, queuedAtMs }: Execution): JournalRecord {
  const { command, shellName, attachStdin, mergeStderr, commandId } = request;
  return {
    t: 'accepted',
    id,
    ...(number === undefined ? {} : { n: number }),
    command,
    ...(shellName === undefined ? {} : { shell: shellName }),
    ...(attachStdin ? { stdin: true } : {}),
    ...(mergeStderr === true ? { merge: true } : {}),
    ...(commandId === undefined ? {} : { command_id: commandId }),
    at: queuedAtMs,
  };
}

function ended({ id, end, endedAtMs = Date.now(), adopted, stdout, stderr }: Execution) {
  if (end === undefined) return undefined;
  const { reason, exitStatus: status, message, cwd } = end;
  return {
    t: 'ended',
    id,
    at: endedAtMs,
    reason,
    status,
    ...(message === undefined ? {} : { message }),
    ...(cwd === undefined ? {} : { cwd }),
    ...(adopted ? { adopted: true } : {}),
    out: stdout.size,
    err: stderr.size,
  } satisfies JournalRecord;
}

function shellRecord(shell: Shell): JournalRecord {
  const { name, key, openedIn, createdAtMs, sessionName, idleTimeoutMs } = shell;
  return {
    t: 'shell',
    name,
    key,
    cwd: openedIn,
    at: createdAtMs,
    ...(sessionName === undefined ? {} : { session: sessionName }),
    ...(idleTimeoutMs === undefined ? {} : { idle_ms: idleTimeoutMs }),
  };
}
