import { homedir } from 'node:os';
import type { PlayOptions } from '../../tui/play-session.ts';
import type { DevboxChoice, ShellChoice } from '../arguments.ts';
import { callerEnvironment } from '../caller-environment.ts';
import { CliError } from '../cli-error.ts';
import { settingsPath } from '../config-directory.ts';
import { type Configuration, startFolder } from '../configuration.ts';
import { connect } from '../connection.ts';
import { EXIT } from '../exit-status.ts';
import { openShell } from '../open-shell.ts';
import { isCommand } from '../options.ts';
import { ensureLocalServer } from '../server/local-server.ts';
import { meetOtherBuild } from '../server/meet-other-build.ts';
import { type LocalServer, restartLocal, restartReport } from '../server/restart-local.ts';

/** A devbox lives 1 h by default, and may be given some minutes. */
const KEEP_ALIVE_EVERY_MS = 60_000;

/** A word of a shell command line, quoted only when it must be. */
const quoted = (word: string) => (/^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

const nameArgument = (name: string) =>
  isCommand(name) || name.startsWith('-') ? `--shell=${quoted(name)}` : quoted(name);

/** How to come back, as a line to type. */
export function reconnectHint(name: string, { devboxId, baseUrl, keepAlive }: DevboxChoice): string {
  const place = [
    ...(devboxId === undefined ? [] : ['--devbox', quoted(devboxId)]),
    ...(baseUrl === undefined ? [] : ['--base-url', quoted(baseUrl)]),
    ...(keepAlive ? ['--keep-alive'] : []),
  ];
  return ['nsh', ...place, nameArgument(name)].join(' ');
}

async function restartServer(local: LocalServer | undefined): Promise<string> {
  if (local === undefined) {
    throw new CliError(EXIT.refused, 'the server of a remote devbox is not this machine’s to restart.');
  }
  return restartReport(await restartLocal(local));
}

/**
 * `nsh [NAME]` at a terminal: the REPL. Loaded only here, because the screen is most of the program.
 *
 * @param play what is typed in the place of a person
 */
export async function attachShell(
  configuration: Configuration,
  entry: string,
  choice: ShellChoice,
  devboxChoice: DevboxChoice,
  plain: boolean,
  play?: PlayOptions,
): Promise<number> {
  // The screen's library knows FORCE_COLOR alone, and reads it when it is loaded.
  if (process.env.NO_COLOR) process.env.FORCE_COLOR = '0';
  await using connection = await connect(configuration, entry);
  const { state } = configuration;
  const start = () => ensureLocalServer(entry, state);
  const { socketPath } = connection;
  const local =
    socketPath === undefined ? undefined : { connection, socketPath, stateDir: state.path, start };
  // Nobody sees the colours but whoever plays the recording, at a terminal that has them.
  if (play?.size !== undefined && !process.env.NO_COLOR) process.env.FORCE_COLOR = '2';
  const [{ shell, created, cwd, lastNumber }, { runAttach }] = await Promise.all([
    (local ? meetOtherBuild(local) : Promise.resolve()).then(() => openShell(connection, choice)),
    import('../attach.ts'),
  ]);
  return await runAttach({
    plain,
    devbox: connection.devbox,
    shellName: shell.name,
    created,
    cwd,
    lastNumber,
    startServer: local?.start,
    restartServer: () => restartServer(local),
    startFolder: connection.isLocal ? startFolder(process.env) : undefined,
    environment: () => callerEnvironment(connection),
    keepAliveEvery: devboxChoice.keepAlive ? KEEP_ALIVE_EVERY_MS : undefined,
    stateDir: state.path,
    play,
    localFolder: startFolder(process.env) ?? homedir(),
    settingsPath: settingsPath(process.env),
    connectionLabel: connection.label,
    reconnectHint: (name) => reconnectHint(name, devboxChoice),
    connectionEvents: connection.events,
  });
}
