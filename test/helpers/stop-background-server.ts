import { once } from 'node:events';
import { request } from 'node:http';
import { routes } from '../../src/api/routes.ts';
import { watchServerEnd } from '../../src/cli/server/watch-server-end.ts';
import { socketPath } from '../../src/devbox/server/socket-path.ts';

/**
 * Ends the background server of a state directory, and its shells, as `nsh stop` does: asked by this process, because
 * starting a program for it costs a fifth of a second of each test.
 *
 * @param env `NSH_STATE_DIR` and `XDG_RUNTIME_DIR` are read
 * @returns false when none listens there: a killed one may have left shells, which `nsh stop` ends
 */
export async function stopBackgroundServer(env: Readonly<Record<string, string>>): Promise<boolean> {
  const socket = socketPath(env.NSH_STATE_DIR ?? '', env);
  const watched = await watchServerEnd(socket).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') return undefined;
    throw error;
  });
  if (watched === undefined) return false;
  const asked = request({ socketPath: socket, method: 'POST', path: routes.stopServer(), agent: false });
  asked.end();
  const [answer] = await once(asked, 'response');
  if (answer.statusCode !== 200) throw new Error(`The server was not stopped: ${answer.statusCode}`);
  answer.resume();
  await watched.ended;
  return true;
}
