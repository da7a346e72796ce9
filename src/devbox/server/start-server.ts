import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { KEEP_SHELLS_CAPABILITY } from '../../api/extension/adopted.ts';
import { CANCEL_QUEUED_CAPABILITY } from '../../api/extension/cancel-queued.ts';
import { COMMAND_ID_CAPABILITY } from '../../api/extension/command-id.ts';
import { COMMAND_NUMBER_CAPABILITY } from '../../api/extension/command-number.ts';
import { EXECUTIONS_CAPABILITY } from '../../api/extension/execution-list.ts';
import { LATE_OUTPUT_CAPABILITY } from '../../api/extension/late-output.ts';
import { MERGE_STDERR_CAPABILITY } from '../../api/extension/merge-stderr.ts';
import { ORDERED_OUTPUT_CAPABILITY } from '../../api/extension/ordered-output.ts';
import { RAW_OUTPUT_CAPABILITY } from '../../api/extension/output.ts';
import { REQUEST_ID_CAPABILITY } from '../../api/extension/request-id.ts';
import {
  ENVIRONMENT_CAPABILITY,
  IDLE_TIMEOUT_CAPABILITY,
  RESTORE_CAPABILITY,
  STATE_FILE_CAPABILITY,
} from '../../api/extension/shell.ts';
import { EVENTS_CAPABILITY } from '../../api/extension/shell-event.ts';
import { STDIN_BYTES_CAPABILITY } from '../../api/extension/stdin-bytes.ts';
import { findBash } from '../engine/bash/find-bash.ts';
import { shellEnvironment } from '../environment/shell-environment.ts';
import { createGuard } from '../http/guard.ts';
import { HEARTBEAT_MS } from '../http/heartbeat.ts';
import { createListener } from '../http/listener.ts';
import { DevboxHost } from '../model/devbox/devbox-host.ts';
import { Refusal } from '../model/refusal.ts';
import { IdleExit } from './idle-exit.ts';
import { keepSocket } from './keep-socket.ts';
import { listen } from './listen.ts';
import { checkListenAddress, describeAddress, isOwnHost, type ListenAddress } from './listen-address.ts';
import type { Lock } from './lock.ts';
import { privateDirectory } from './private-directory.ts';
import { directoryUnusable } from './server-error.ts';
import { takeServerLock } from './server-lock.ts';
import { checkStateEntries } from './state-entries.ts';
import { stopAccepting } from './stop-accepting.ts';

export interface ServerOptions {
  readonly listen: ListenAddress;
  /** Where everything is kept; made if it is missing, 0700. One server at a time uses it. */
  readonly stateDir: string;
  /** What clients must send as bearer token; required on TCP. */
  readonly token?: string;
  /** Listens where other machines can connect too. Commands and token cross the network unencrypted. Default false. */
  readonly allowRemote?: boolean;
  /** Ends by itself when no bash is alive and no request came for so long, ms. Unset: never. */
  readonly idleExitMs?: number;
  /** Told to clients. */
  readonly version: string;
  /** Which build of that version this is; told to clients. */
  readonly build?: string | undefined;
  /** Closes the server when it aborts. */
  readonly signal?: AbortSignal;
  /** What shells inherit, before scrubbing; `process.env` if unset. `HOME` is the home of the devbox `local`. */
  readonly env?: NodeJS.ProcessEnv;
  /**
   * Whether shells outlive a server that was killed, and may be left to the next one of the state directory. Otherwise
   * they end with this process: an idle one at once, a busy one after its command. Default true.
   */
  readonly keepsShells?: boolean;
  /**
   * Ends this process at once, when a client asks the server to leave its shells to the next one. Their ends of the pipes
   * close with the process and not before, so whoever embeds the devbox decides here what else is to end.
   * `process.exit(0)` if unset.
   */
  readonly exitProcess?: () => void;
}

export interface RunningServer {
  /** The base URL for clients; over a Unix socket its host means nothing. */
  readonly url: string;
  readonly socketPath?: string;
  readonly token?: string;
  /** Settles when the server has ended, for whatever reason. */
  readonly closed: Promise<void>;
  /** Ends every shell and the server. Idempotent. */
  close(): Promise<void>;
}

const CAPABILITIES: readonly string[] = [
  'shells',
  RAW_OUTPUT_CAPABILITY,
  ORDERED_OUTPUT_CAPABILITY,
  STDIN_BYTES_CAPABILITY,
  EVENTS_CAPABILITY,
  LATE_OUTPUT_CAPABILITY,
  MERGE_STDERR_CAPABILITY,
  COMMAND_NUMBER_CAPABILITY,
  COMMAND_ID_CAPABILITY,
  CANCEL_QUEUED_CAPABILITY,
  REQUEST_ID_CAPABILITY,
  IDLE_TIMEOUT_CAPABILITY,
  ENVIRONMENT_CAPABILITY,
  RESTORE_CAPABILITY,
  KEEP_SHELLS_CAPABILITY,
  STATE_FILE_CAPABILITY,
  EXECUTIONS_CAPABILITY,
];

/**
 * Starts the embedded devbox.
 *
 * @throws ServerError with a `code` that says why not; `already_running` when another server uses the state
 * directory or the socket
 * @throws BashNotFoundError; the signal's reason when it aborts before the server has started
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { listen: address, signal } = options;
  signal?.throwIfAborted();
  checkListenAddress(address, options);
  const stateDir = resolve(options.stateDir);
  await privateDirectory(stateDir);
  if ('socketPath' in address) await privateDirectory(dirname(address.socketPath));
  const lock = await takeServerLock(stateDir, address);
  let server: RunningServer;
  try {
    await checkStateEntries(stateDir);
    server = await serve({ ...options, stateDir }, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
  if (signal?.aborted !== true) return server;
  // While it started: nobody listened yet.
  await server.close();
  throw signal.reason;
}

async function serve(options: ServerOptions, lock: Lock): Promise<RunningServer> {
  const { listen: address, token, idleExitMs, env = process.env, signal, keepsShells = true } = options;
  const bash = await findBash(env);
  let idle: IdleExit | undefined;
  const touch = () => idle?.touch();
  // It listens first, and answers when all is ready: shells that were taken over could not be given back.
  const ready = Promise.withResolvers<RequestListener>();
  const listening = await listen(address, (request, response) => {
    void ready.promise.then((handle) => handle(request, response));
  });
  const { server, http2 } = listening;
  let host: DevboxHost;
  try {
    host = await DevboxHost.open({
      stateDir: options.stateDir,
      bash,
      home: env.HOME ?? homedir(),
      env: shellEnvironment(env),
      keepsShells,
      onBashEnded: touch,
    });
  } catch (error) {
    server.close();
    server.closeAllConnections();
    http2.destroy();
    throw directoryUnusable(options.stateDir, error);
  }
  const isOwn = isOwnHost(address);
  const guard = createGuard({
    ...(token === undefined ? {} : { token }),
    ...(isOwn === undefined ? {} : { isOwnHost: isOwn }),
  });
  let closing: Promise<void> | undefined;
  const listener = createListener({
    guard: (request) => (closing === undefined ? guard(request) : stopping()),
    onActivity: touch,
    service: {
      host,
      server: {
        version: options.version,
        ...(options.build === undefined ? {} : { build: options.build }),
        pid: process.pid,
        started_at_ms: Date.now(),
        bash_version: bash.version,
        heartbeat_ms: HEARTBEAT_MS,
        capabilities: CAPABILITIES.filter((name) => keepsShells || name !== KEEP_SHELLS_CAPABILITY),
      },
      stop: () => closeQuietly(),
      ...(keepsShells ? { leave: () => leave() } : {}),
    },
  });
  ready.resolve(listener);
  const letGo = 'socketPath' in address ? keepSocket(server, address.socketPath) : undefined;
  const ended = Promise.withResolvers<void>();
  const close = () => {
    closing ??= end().finally(ended.resolve);
    return closing;
  };
  const leave = () => {
    if (closing !== undefined) return;
    closing = ended.promise;
    idle?.stop();
    letGo?.();
    stopAccepting(listening);
    server.closeAllConnections();
    http2.destroy();
    // The locks go with the process: let go of before, another server might meet this one at the pipes.
    void host.handOver().finally(options.exitProcess ?? (() => process.exit(0)));
  };
  // What cannot be cleaned up is left to the next start, which empties the folders.
  const closeQuietly = () => void close().catch(() => undefined);
  const end = async () => {
    idle?.stop();
    letGo?.();
    signal?.removeEventListener('abort', closeQuietly);
    const connections = stopAccepting(listening);
    try {
      // Every execution completes and every stream ends; then their readers may finish.
      await host.close();
      await connections.finish();
      await host.dispose();
    } finally {
      await lock.release();
    }
  };
  if (idleExitMs !== undefined) {
    idle = new IdleExit({ afterMs: idleExitMs, isBusy: () => host.isBusy, exit: closeQuietly });
  }
  signal?.addEventListener('abort', closeQuietly, { once: true });
  return {
    ...addressOf(server, address),
    ...(token === undefined ? {} : { token }),
    closed: ended.promise,
    close,
  };
}

function addressOf(server: Server, address: ListenAddress): Pick<RunningServer, 'url' | 'socketPath'> {
  if ('socketPath' in address) return { url: 'http://localhost', socketPath: address.socketPath };
  const { port } = server.address() as AddressInfo;
  return { url: describeAddress({ host: address.host, port }) };
}

function stopping(): Refusal {
  return new Refusal(503, 'server_stopping', 'The server is stopping. Start it again to go on.', {
    connection: 'close',
  });
}
