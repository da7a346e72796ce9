import type { DevboxChoice, ShellChoice } from '../arguments.ts';
import { settingsPath } from '../config-directory.ts';
import { type Configuration, startFolder } from '../configuration.ts';
import { type Connection, connect } from '../connection.ts';
import { ensureLocalServer } from '../local-server.ts';
import { openShell } from '../open-shell.ts';
import { isCommand } from '../options.ts';
import { tell } from '../standard-streams.ts';
import { VERSION } from '../version.ts';

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

async function tellOtherVersion({ client, isLocal }: Connection): Promise<void> {
  const server = isLocal ? await client.server() : undefined;
  if (server && server.version !== VERSION) {
    await tell(
      `the local devbox runs version ${server.version}, this is ${VERSION}: \`nsh stop\` ends it and its shells, the next nsh starts the new one.`,
    );
  }
}

/** `nsh [NAME]` at a terminal: the REPL. Loaded only here, because the screen is most of the program. */
export async function attachShell(
  configuration: Configuration,
  entry: string,
  choice: ShellChoice,
  devboxChoice: DevboxChoice,
): Promise<number> {
  // The screen's library knows FORCE_COLOR alone, and reads it when it is loaded.
  if (process.env.NO_COLOR) process.env.FORCE_COLOR = '0';
  await using connection = await connect(configuration, entry);
  const [{ shell, created, cwd }, { runAttach }] = await Promise.all([
    openShell(connection, choice),
    import('../attach.ts'),
  ]);
  await tellOtherVersion(connection);
  return await runAttach({
    devbox: connection.devbox,
    shellName: shell.name,
    created,
    cwd,
    startServer: connection.isLocal ? () => ensureLocalServer(entry, configuration.state) : undefined,
    startFolder: connection.isLocal ? startFolder(process.env) : undefined,
    keepAliveEvery: devboxChoice.keepAlive ? KEEP_ALIVE_EVERY_MS : undefined,
    stateDir: configuration.state.path,
    settingsPath: settingsPath(process.env),
    connectionLabel: connection.label,
    reconnectHint: (name) => reconnectHint(name, devboxChoice),
    connectionEvents: connection.events,
  });
}
