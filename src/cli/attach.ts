import path from 'node:path';
import { openHistoryFile } from '../repl/runtime/history-file.ts';
import type { HistoryPort } from '../repl/runtime/run-effect.ts';
import type { Devbox } from '../sdk/devbox.ts';
import { type ReplEnd, runRepl } from '../tui/render.tsx';
import type { ConnectionEvents } from './connection-events.ts';
import { EXIT } from './exit-status.ts';
import { devboxPort, diagnose, shellPort } from './repl-port.ts';
import { tell } from './standard-streams.ts';

export interface AttachOptions {
  readonly devbox: Devbox;
  readonly shellName: string;
  /** undefined: the devbox cannot tell. */
  readonly created: boolean | undefined;
  /** Where the shell stands; undefined while unknown. */
  readonly cwd: string | undefined;
  readonly stateDir: string;
  readonly connectionLabel: string;
  /** The line to type to come back to a shell. */
  readonly reconnectHint: (shellName: string) => string;
  /** News of the connection for the status line. */
  readonly connectionEvents: ConnectionEvents;
}

const EXIT_STATUS: Record<ReplEnd['reason'], number> = {
  detached: EXIT.ok,
  closed: EXIT.ok,
  SIGINT: EXIT.interrupted,
  SIGTERM: EXIT.terminated,
  SIGHUP: EXIT.hangup,
};

/** Runs the REPL over a named shell of the sdk, and says afterwards how to come back. */
export async function runAttach(options: AttachOptions): Promise<number> {
  const { devbox, shellName, stateDir, created } = options;
  const verb = created === true ? 'created' : 'attached to';
  const end = await runRepl({
    devbox: devboxPort(devbox),
    shell: shellPort(devbox.shell(shellName)),
    devboxLabel: options.connectionLabel,
    cwd: options.cwd,
    welcome: `${verb} ${shellName} on ${options.connectionLabel} · :help for help`,
    history: historyOf(stateDir, devbox.id),
    diagnose,
    spillDir: path.join(stateDir, 'output'),
    onConnection: (listener) => options.connectionEvents.subscribe(listener),
  });
  if (end.reason === 'detached') {
    await tell(
      `detached from ${end.shellName}, which lives on. Come back with: ${options.reconnectHint(end.shellName)}`,
    );
  }
  return EXIT_STATUS[end.reason];
}

function historyOf(stateDir: string, devbox: string): HistoryPort {
  const files = new Map<string, ReturnType<typeof openHistoryFile>>();
  const fileOf = (shell: string) => {
    const file = files.get(shell) ?? openHistoryFile({ stateDir, devbox, shell });
    files.set(shell, file);
    return file;
  };
  return {
    async load(shell) {
      const { entries, problem } = await fileOf(shell).load();
      return { commands: entries.map(({ cmd }) => cmd), problem };
    },
    append: (shell, { command, typedAt, cwd, exitStatus }) =>
      fileOf(shell).append({
        t: typedAt,
        cmd: command,
        ...(cwd === undefined ? {} : { cwd }),
        ...(exitStatus === undefined ? {} : { exit: exitStatus }),
      }),
    settled: async () => {
      await Promise.all([...files.values()].map((file) => file.settled()));
    },
  };
}
