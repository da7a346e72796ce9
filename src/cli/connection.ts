import { LOCAL_DEVBOX_ID } from '../api/extension/server.ts';
import { DevboxClient } from '../sdk/client.ts';
import type { Devbox } from '../sdk/devbox.ts';
import { CliError } from './cli-error.ts';
import type { Configuration } from './configuration.ts';
import { EXIT } from './exit-status.ts';
import { ConnectionEvents } from './port/connection-events.ts';
import { ensureLocalServer, findShellsServer, isListening } from './server/local-server.ts';
import { recoverServer } from './server/recover-server.ts';

/** A client and the devbox it is for. Disposing it lets the process end. */
export interface Connection extends AsyncDisposable {
  readonly client: DevboxClient;
  readonly devbox: Devbox;
  readonly events: ConnectionEvents;
  /** For the status line: `local`, or the host of the server. */
  readonly label: string;
  readonly isLocal: boolean;
  /** Of the local devbox. */
  readonly socketPath: string | undefined;
  /**
   * Rejects when the local devbox was found gone, and with it whatever ran there. One that left its shells is brought
   * back; a remote one is waited for: its commands outlive a broken network.
   */
  readonly lost: Promise<never>;
}

type Where = { socketPath: string } | { baseURL: string; bearerToken: string };

/** Brings back a server that went away; false when its shells are gone with it. */
type Recover = () => Promise<boolean>;

function open(where: Where, devboxId: string, label: string, recover?: Recover): Connection {
  const events = new ConnectionEvents();
  const client = new DevboxClient({ ...where, onConnection: events.emit });
  return {
    client,
    events,
    label,
    devbox: client.devbox.fromId(devboxId),
    isLocal: 'socketPath' in where,
    socketPath: 'socketPath' in where ? where.socketPath : undefined,
    lost:
      'socketPath' in where ? lossOf(where.socketPath, events, recover) : new Promise<never>(() => undefined),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

function lossOf(
  socketPath: string,
  events: ConnectionEvents,
  recover: Recover = async () => false,
): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  // Most callers never look at it.
  promise.catch(() => undefined);
  const look = async () => {
    if (await isListening(socketPath).catch(() => true)) return;
    if (await recover()) return;
    throw new CliError(
      EXIT.unknownOutcome,
      'the local devbox ended while the command ran, so how the command ended is unknown. The next nsh starts a new one.',
    );
  };
  let looking = false;
  events.onTrouble(() => {
    if (looking) return;
    looking = true;
    void look()
      .catch(reject)
      .finally(() => {
        looking = false;
      });
  });
  return promise;
}

/** To the local devbox, which runs. */
export const connectLocal = (socketPath: string, recover?: Recover): Connection =>
  open({ socketPath }, LOCAL_DEVBOX_ID, LOCAL_DEVBOX_ID, recover);

/**
 * Connects to the devbox of the configuration; the local one is started when it does not run.
 *
 * @param entry path of this program, to start the local devbox with
 */
export async function connect({ state, remote }: Configuration, entry: string): Promise<Connection> {
  if (!remote) {
    return connectLocal(await ensureLocalServer(entry, state), () => recoverServer(entry, state));
  }
  const { devboxId, baseUrl, key } = remote;
  return open({ baseURL: baseUrl, bearerToken: key }, devboxId, new URL(baseUrl).host);
}

/** Like `connect`, but a local devbox without shells is not started: undefined. One that is killed is brought back. */
export async function connectIfShells(
  configuration: Configuration,
  entry: string,
): Promise<Connection | undefined> {
  if (configuration.remote) return connect(configuration, entry);
  const socketPath = await findShellsServer(entry, configuration.state);
  return socketPath === undefined
    ? undefined
    : connectLocal(socketPath, () => recoverServer(entry, configuration.state));
}
