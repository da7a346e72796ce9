import type { QueuedCommand, ShellView } from '../../../api/extension/shell.ts';
import type { Execution } from '../execution/execution.ts';
import type { Shell } from './shell.ts';

export function shellView(devboxId: string, shell: Shell): ShellView {
  return {
    devbox_id: devboxId,
    shell_name: shell.name,
    shell_id: shell.key,
    state: shell.state,
    ...(shell.pid === undefined ? {} : { pid: shell.pid }),
    cwd: shell.cwd,
    created_at_ms: shell.createdAtMs,
    last_used_at_ms: shell.lastUsedAtMs,
    ...(shell.idleTimeoutMs === undefined ? {} : { idle_timeout_ms: shell.idleTimeoutMs }),
    ...(shell.restorable ? { restorable: true } : {}),
    state_file: shell.stateFile,
    last_number: shell.lastNumber,
    queue: shell.queue.map(queuedCommand),
  };
}

function queuedCommand(execution: Execution): QueuedCommand {
  return {
    execution_id: execution.id,
    ...(execution.number === undefined ? {} : { number: execution.number }),
    ...(execution.request.commandId === undefined ? {} : { command_id: execution.request.commandId }),
    command: execution.request.command,
    status: execution.status === 'running' ? 'running' : 'queued',
    queued_at_ms: execution.queuedAtMs,
    ...(execution.startedAtMs === undefined ? {} : { started_at_ms: execution.startedAtMs }),
    ...(execution.waitsForInput ? { waits_for_input: true } : {}),
  };
}
