import type { ShellView } from '../../api/extension/shell.ts';
import type {
  DevboxPort,
  Diagnosis,
  ExecutionPort,
  ShellInfo,
  ShellPort,
} from '../../repl/runtime/shell-port.ts';
import type { ShellNews } from '../../repl/state/event.ts';
import type { Devbox } from '../../sdk/devbox.ts';
import { type ErrorKind, NamedShellError } from '../../sdk/errors.ts';
import type { Execution } from '../../sdk/execution.ts';
import type { NamedShell } from '../../sdk/named-shell.ts';
import { gapLines, gapsInCallbacks } from '../output/gap-lines.ts';
import { lateBytesFrom } from '../output/late-bytes-from.ts';
import { outputPieces } from '../output/output-pieces.ts';
import { sendWhenTaken } from '../run/feed-stdin.ts';
import type { Reviver } from '../server/reviver.ts';
import { devboxNews } from './devbox-news.ts';
import { recallShell } from './recall-shell.ts';
import { resultPort } from './result-port.ts';
import { runBeside } from './run-beside.ts';

/** The REPL's ports over the sdk: names of the wire on one side, the REPL's words on the other. */
export interface PortOptions {
  /** Where a shell that is made by `:switch` starts; undefined: the devbox's home. */
  readonly cwd: string | undefined;
  /** What such a shell inherits; undefined: what the server has itself. */
  readonly environment: () => Promise<Record<string, string> | undefined>;
  /** Of the local devbox; undefined: the server is somebody else's to start. */
  readonly reviver: Reviver | undefined;
  /** Of a remote devbox; undefined: it is this machine, and nothing becomes of it. */
  readonly watchDevbox: { readonly keepAliveEvery: number | undefined } | undefined;
  /** Restarts the server and says what it did. */
  readonly restartServer: () => Promise<string>;
}

export function devboxPort(devbox: Devbox, options: PortOptions): DevboxPort {
  const { watchDevbox } = options;
  return {
    id: devbox.id,
    shell: (name) => shellPort(devbox.shell(name), options),
    shells: async () => (await devbox.shells())?.map(shellInfo),
    runBeside: (command, signal) => runBeside(devbox, command, signal),
    watch: watchDevbox && ((signal) => devboxNews(devbox, signal, watchDevbox.keepAliveEvery)),
    restartServer: options.restartServer,
  };
}

export function shellPort(shell: NamedShell, { cwd, environment, reviver }: PortOptions): ShellPort {
  /** Somebody wants something of a server that is not there: it is started, for the next try. */
  async function revived<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      if (error instanceof NamedShellError && error.kind === 'connection') await reviver?.revive();
      throw error;
    }
  }

  return {
    name: shell.name,
    async open() {
      const opened = await shell.open({ cwd, environment: await environment() });
      return opened && { created: opened.created, shell: shellInfo(opened.shell) };
    },
    // Sent once: whether the shell is still the same is looked at before a line is sent again.
    execAsync: (command, { attach_stdin, merge_stderr, command_id, ...callbacks }, options) =>
      revived(async () => {
        try {
          return executionPort(
            await shell.execAsync(
              command,
              { ...gapsInCallbacks(callbacks), attach_stdin, merge_stderr, command_id },
              { ...options, maxRetries: 0 },
            ),
          );
        } finally {
          // The REPL itself holds the lines behind one that may not have run.
          shell.unsettled?.goOn();
        }
      }),
    execution: (executionId) => executionPort(shell.execution(executionId)),
    async info() {
      const view = await revived(() => shell.info({ maxRetries: 0 }));
      return view && shellInfo(view);
    },
    restore: async () => shellInfo(await shell.restore()),
    async history(limit) {
      const commands = await shell.history({ limit });
      // Without an id nobody can tell whether it was typed here.
      return commands.flatMap(({ executionId, command, queuedAtMs, exitCode }) =>
        executionId === undefined
          ? []
          : [{ executionId, command, sentAt: queuedAtMs, exitStatus: exitCode ?? undefined }],
      );
    },
    async accepted(limit) {
      const commands = await shell.history({ limit, waiting: true });
      return commands.flatMap(
        ({ number, executionId, command, commandId, status, startedAtMs, endReason }) =>
          number === undefined || executionId === undefined || status === 'unknown'
            ? []
            : [
                {
                  executionId,
                  commandId,
                  command,
                  shellNumber: number,
                  status,
                  cancelled: endReason === 'cancelled',
                  startedAt: startedAtMs,
                },
              ],
      );
    },
    recall: (signal) => recallShell(shell, signal),
    watch: (signal) => shellNews(shell, signal, reviver),
    close: () => shell.close(),
  };
}

function executionPort(execution: Execution): ExecutionPort {
  return {
    executionId: execution.executionId,
    shellNumber: execution.number,
    status: execution.status ?? 'running',
    result: async (options) => {
      const { exitCode, result } = await execution.result(options);
      return resultPort(exitCode, result);
    },
    state: async () => (await execution.getState()).status,
    async end() {
      const view = await execution.getState();
      return resultPort(view.exit_status ?? null, view);
    },
    outputs: (signal) => outputPieces(execution, signal),
    lateOutput: (stream, signal, from) =>
      gapLines((onGap) => decoded(lateBytesFrom(execution, stream, from, { signal, onGap }))),
    interrupt: () => execution.interrupt(),
    cancel: () => execution.cancel(),
    async kill() {
      await execution.kill({ processGroup: true });
    },
    sendStdIn: (text, signal) => sendWhenTaken(execution, text, signal),
    closeStdIn: () => execution.closeStdIn(),
  };
}

async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

async function* shellNews(
  shell: NamedShell,
  signal: AbortSignal,
  reviver: Reviver | undefined,
): AsyncGenerator<ShellNews> {
  for await (const event of shell.watch(signal)) {
    switch (event.type) {
      case 'snapshot': {
        const [view] = event.shells;
        yield { kind: 'snapshot', report: view && shellInfo(view) };
        break;
      }
      case 'queued':
        yield {
          kind: 'queued',
          executionId: event.execution_id,
          command: event.command,
          shellNumber: event.number,
          commandId: event.command_id,
        };
        break;
      case 'started':
        yield { kind: 'started', executionId: event.execution_id };
        break;
      case 'completed':
      case 'cancelled':
        yield { kind: 'ended', executionId: event.execution_id, cancelled: event.type === 'cancelled' };
        break;
      case 'late_output':
        yield {
          kind: 'late',
          executionId: event.execution_id,
          bytes: { stdout: event.late_stdout_bytes, stderr: event.late_stderr_bytes },
        };
        break;
      case 'shell_opened':
        yield { kind: 'bash', pid: event.pid, cwd: event.cwd };
        break;
      case 'shell_ended':
        yield { kind: 'bash-ended', message: event.message, cwd: event.cwd };
        break;
      case 'shell_restored':
      case 'cwd_changed':
        yield { kind: 'cwd', cwd: event.cwd };
        break;
      case 'shell_closed':
        if (event.reason === 'devbox_shutdown') reviver?.stopped();
        yield { kind: 'closed', message: event.message };
        break;
    }
  }
}

function shellInfo(view: ShellView): ShellInfo {
  return {
    name: view.shell_name,
    state: view.state,
    cwd: view.cwd,
    pid: view.pid,
    ...(view.state_file === undefined ? {} : { stateFile: view.state_file }),
    lastNumber: view.last_number,
    queue: view.queue.map(({ execution_id, command, status, started_at_ms, ...more }) => ({
      executionId: execution_id,
      command,
      status,
      shellNumber: more.number,
      commandId: more.command_id,
      ...(started_at_ms === undefined ? {} : { startedAt: started_at_ms }),
      ...(more.waits_for_input && { waitsForInput: true }),
    })),
  };
}

/** What a failed launch says about whether the command may run. */
const FAILURES: Record<ErrorKind, Diagnosis['failure']> = {
  connection: 'not_sent',
  proxy: 'refused',
  rate_limited: 'not_sent',
  authentication: 'refused',
  not_found: 'refused',
  invalid_request: 'refused',
  conflict: 'refused',
  server: 'unknown',
  timeout: 'unknown',
  aborted: 'unknown',
  protocol: 'unknown',
  output_gap: 'unknown',
  unknown_outcome: 'unknown',
};

export function diagnose(error: unknown): Diagnosis {
  if (error instanceof NamedShellError) return { failure: FAILURES[error.kind], message: error.message };
  return { failure: 'unknown', message: error instanceof Error ? error.message : String(error) };
}
