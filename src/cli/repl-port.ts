import type { ShellView } from '../api/extension/shell.ts';
import type {
  DevboxPort,
  Diagnosis,
  ExecutionPort,
  ResultPort,
  ShellInfo,
  ShellPort,
} from '../repl/runtime/shell-port.ts';
import type { Devbox } from '../sdk/devbox.ts';
import { type ErrorKind, NamedShellError } from '../sdk/errors.ts';
import type { Execution } from '../sdk/execution.ts';
import type { ExecutionResult } from '../sdk/execution-result.ts';
import type { NamedShell } from '../sdk/named-shell.ts';

/** The REPL's ports over the sdk: names of the wire on one side, the REPL's words on the other. */
export function devboxPort(devbox: Devbox): DevboxPort {
  return {
    id: devbox.id,
    shell: (name) => shellPort(devbox.shell(name)),
    shells: async () => (await devbox.shells())?.map(shellInfo),
  };
}

export function shellPort(shell: NamedShell): ShellPort {
  return {
    name: shell.name,
    async open() {
      const opened = await shell.open();
      return opened && { created: opened.created, shell: shellInfo(opened.shell) };
    },
    execAsync: async (command, callbacks, options) =>
      executionPort(await shell.execAsync(command, callbacks, options)),
    execution: (executionId) => executionPort(shell.execution(executionId)),
    async info() {
      const view = await shell.info();
      return view && shellInfo(view);
    },
    close: () => shell.close(),
  };
}

function executionPort(execution: Execution): ExecutionPort {
  return {
    executionId: execution.executionId,
    status: execution.status ?? 'running',
    result: async (options) => resultPort(await execution.result(options)),
    interrupt: () => execution.interrupt(),
    async kill() {
      await execution.kill({ processGroup: true });
    },
  };
}

function resultPort({ exitCode, result: { nsh } }: ExecutionResult): ResultPort {
  const durationMs =
    nsh?.ended_at_ms === undefined || nsh.started_at_ms === undefined
      ? undefined
      : nsh.ended_at_ms - nsh.started_at_ms;
  return {
    exitCode,
    reason: nsh?.end_reason,
    message: nsh?.message,
    cwd: nsh?.cwd,
    durationMs,
    freshShell: nsh?.fresh_shell ?? false,
  };
}

function shellInfo(view: ShellView): ShellInfo {
  return {
    name: view.shell_name,
    state: view.state,
    cwd: view.cwd,
    queue: view.queue.map(({ execution_id, command, status, started_at_ms }) => ({
      executionId: execution_id,
      command,
      status,
      ...(started_at_ms === undefined ? {} : { startedAt: started_at_ms }),
    })),
  };
}

/** What a failed launch says about whether the command may run. */
const FAILURES: Record<ErrorKind, Diagnosis['failure']> = {
  connection: 'not_sent',
  rate_limited: 'not_sent',
  authentication: 'refused',
  not_found: 'refused',
  invalid_request: 'refused',
  conflict: 'refused',
  server: 'unknown',
  timeout: 'unknown',
  aborted: 'unknown',
  protocol: 'unknown',
  unknown_outcome: 'unknown',
};

export function diagnose(error: unknown): Diagnosis {
  if (error instanceof NamedShellError) return { failure: FAILURES[error.kind], message: error.message };
  return { failure: 'unknown', message: error instanceof Error ? error.message : String(error) };
}
