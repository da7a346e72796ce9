import path from 'node:path';
import { openHistoryStore } from '../repl/runtime/history/history-store.ts';
import { noHistory, noSettingsFile } from '../repl/runtime/play/without-past.ts';
import { openSettingsFile } from '../repl/runtime/settings/settings-file.ts';
import type { Devbox } from '../sdk/devbox.ts';
import type { PlayOptions } from '../tui/play-session.ts';
import { type ReplEnd, type ReplOptions, runRepl } from '../tui/render.tsx';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-status.ts';
import type { ConnectionEvents } from './port/connection-events.ts';
import { devboxPort, diagnose, shellPort } from './port/repl-port.ts';
import { Reviver } from './server/reviver.ts';
import { tell } from './standard-streams.ts';

export interface AttachOptions {
  /** In lines, with nothing drawn. */
  readonly plain: boolean;
  readonly devbox: Devbox;
  readonly shellName: string;
  /** undefined: the devbox cannot tell. */
  readonly created: boolean | undefined;
  /** Where the shell stands; undefined while unknown. */
  readonly cwd: string | undefined;
  /** The number of the newest command of the shell; undefined: the devbox does not count them. */
  readonly lastNumber: number | undefined;
  /** Where a new shell starts; undefined: the devbox's home. */
  readonly startFolder: string | undefined;
  /** What a new shell inherits; undefined: what the server has itself. */
  readonly environment: () => Promise<Record<string, string> | undefined>;
  readonly stateDir: string;
  /** A script that is typed in the place of a person. */
  readonly play: PlayOptions | undefined;
  /** From where the relative paths of files on this machine start. */
  readonly localFolder: string;
  /** The user's settings file, which need not be there. */
  readonly settingsPath: string;
  readonly connectionLabel: string;
  /** The line to type to come back to a shell. */
  readonly reconnectHint: (shellName: string) => string;
  /** Starts the server of the local devbox; undefined for a remote one. */
  readonly startServer: (() => Promise<unknown>) | undefined;
  /** Sends the devbox a keep-alive so often, ms; undefined: never. */
  readonly keepAliveEvery: number | undefined;
  /** For `:restart-server`: says what it did, or throws why not. */
  readonly restartServer: () => Promise<string>;
  /** News of the connection for the status line. */
  readonly connectionEvents: ConnectionEvents;
}

const EXIT_STATUS: Record<ReplEnd['reason'], number> = {
  detached: EXIT.ok,
  closed: EXIT.ok,
  SIGINT: EXIT.interrupted,
  SIGTERM: EXIT.terminated,
  SIGHUP: EXIT.hangup,
  SIGQUIT: EXIT.quit,
};

/** Runs the REPL over a named shell of the sdk, and says afterwards how to come back. */
export async function runAttach(options: AttachOptions): Promise<number> {
  const { devbox, shellName, stateDir, created, play } = options;
  const verb = created === true ? 'created' : 'attached to';
  const { connectionEvents, startServer } = options;
  let tellConnection: Parameters<ReplOptions['onConnection']>[0] | undefined;
  const onProblem = (reason: string) => tellConnection?.({ state: 'retrying', reason, retryInMs: 0 });
  const reviver = startServer && new Reviver(startServer, onProblem);
  const watchDevbox = startServer ? undefined : { keepAliveEvery: options.keepAliveEvery };
  const { restartServer, startFolder: cwd, environment } = options;
  const port = { cwd, environment, reviver, watchDevbox, restartServer };
  const repl = options.plain ? (await import('../tui/plain/run-plain.ts')).runPlain : runRepl;
  const running = repl({
    devbox: devboxPort(devbox, port),
    shell: shellPort(devbox.shell(shellName), port),
    devboxLabel: options.connectionLabel,
    cwd: options.cwd,
    lastNumber: options.lastNumber,
    created: created === true,
    settings: play ? noSettingsFile : openSettingsFile(options.settingsPath),
    welcome: `${verb} ${shellName} on ${options.connectionLabel} · :help for help`,
    history: play ? noHistory(devbox.id) : openHistoryStore(stateDir, devbox.id),
    play,
    diagnose,
    localFolder: options.localFolder,
    spillDir: path.join(stateDir, 'output'),
    onConnection(listener) {
      tellConnection = listener;
      return connectionEvents.subscribe((event) => {
        listener(event);
        if (event.state === 'retrying') reviver?.lost();
      });
    },
  });
  if (play !== undefined && !play.stay) {
    // Made for this, it goes with it.
    const end = await running.finally(() => created && devbox.shell(shellName).close());
    return playStatus(end);
  }
  const end = await running;
  if (end.reason === 'detached') await tell(farewell(end, options.reconnectHint(end.shellName)));
  return EXIT_STATUS[end.reason];
}

/** @throws CliError with status 1 when the script could not go on, 130 when it was stopped */
function playStatus({ reason, played }: ReplEnd): number {
  if (played?.kind !== 'stopped') return EXIT_STATUS[reason];
  throw played.reason === undefined
    ? new CliError(EXIT.interrupted, `stopped at line ${played.line} of the script.`)
    : new CliError(EXIT.failure, `stopped at line ${played.line} of the script: ${played.reason}.`);
}

function farewell({ shellName, goingOn, connected }: ReplEnd, hint: string): string {
  if (!connected) return `left ${shellName} without a connection to its devbox. Try again with: ${hint}`;
  const rest =
    goingOn === 0 ? '' : `, with ${goingOn === 1 ? '1 command that goes' : `${goingOn} commands that go`} on`;
  return `detached from ${shellName}, which lives on${rest}. Come back with: ${hint}`;
}
