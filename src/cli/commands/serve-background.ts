import { watch } from 'node:fs/promises';
import path from 'node:path';
import { ServerError } from '../../devbox/server/server-error.ts';
import { socketPath } from '../../devbox/server/socket-path.ts';
import { type RunningServer, startServer } from '../../devbox/server/start-server.ts';
import { BUILD, VERSION } from '../../version.ts';
import type { Configuration } from '../configuration.ts';
import { EXIT } from '../exit-status.ts';
import { describeError } from '../report-error.ts';
import { isListening } from '../server/local-server.ts';
import { sendReadyMessage } from '../server/ready-message.ts';
import { untilSignal } from '../until-signal.ts';

/** The local devbox ends when it has had no shell for so long, ms. */
const IDLE_EXIT_MS = 30 * 60 * 1000;
/** How long another server may hold the state directory without serving, as it starts or ends, ms. */
const OTHER_SERVER_MS = 20_000;
/** When nothing is seen of the other server, it is looked at again after so long, ms. */
const LOOK_AGAIN_MS = 250;

/**
 * The local devbox's own process, started by `start-background.ts`. Of several that are started at once one serves;
 * the others find it serving, which is all that their starters want.
 */
export async function serveBackground({ state }: Configuration): Promise<number> {
  const socket = socketPath(state.path, process.env);
  using stopped = untilSignal();
  const start = () =>
    startServer({
      listen: { socketPath: socket },
      stateDir: state.path,
      idleExitMs: IDLE_EXIT_MS,
      version: VERSION,
      build: BUILD,
      signal: stopped.signal,
    });
  let server: RunningServer | undefined;
  try {
    server = await startOrFind(start, socket);
  } catch (error) {
    const { text, exitStatus } = describeError(error);
    await sendReadyMessage({ ready: false, message: text.replace(/^nsh: /, '').trim(), exitStatus });
    throw error;
  }
  await sendReadyMessage({ ready: true });
  await server?.closed;
  return EXIT.ok;
}

/** @returns undefined when another server serves on the socket */
async function startOrFind(
  start: () => Promise<RunningServer>,
  socket: string,
): Promise<RunningServer | undefined> {
  const givesUpAt = performance.now() + OTHER_SERVER_MS;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof ServerError && error.code === 'already_running')) throw error;
      if (await isListening(socket)) return undefined;
      if (performance.now() > givesUpAt) throw error;
    }
    await nextChange(path.dirname(socket));
  }
}

/** Resolves at a change in the folder, or soon: the change may have come before the watch. */
async function nextChange(folder: string): Promise<void> {
  try {
    for await (const _ of watch(folder, { signal: AbortSignal.timeout(LOOK_AGAIN_MS) })) return;
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
  }
}
