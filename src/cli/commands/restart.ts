import type { Configuration } from '../configuration.ts';
import { connectLocal } from '../connection.ts';
import { EXIT } from '../exit-status.ts';
import { ensureLocalServer, findShellsServer } from '../server/local-server.ts';
import { restartLocal, restartReport } from '../server/restart-local.ts';
import { writeFully } from '../standard-streams.ts';

/**
 * `nsh restart`: a server of this build in the place of the one that runs. Its shells, and what runs and waits in them,
 * go on.
 *
 * @param entry path of this program, to start the server with
 */
export async function restart({ state }: Configuration, entry: string): Promise<number> {
  const socketPath = await findShellsServer(entry, state);
  if (socketPath === undefined) {
    await writeFully(process.stdout, 'No local devbox is running. The next nsh starts one.\n');
    return EXIT.ok;
  }
  await using connection = connectLocal(socketPath);
  const start = () => ensureLocalServer(entry, state);
  const shells = await restartLocal({ connection, socketPath, stateDir: state.path, start });
  await writeFully(process.stdout, `${restartReport(shells)}\n`);
  return EXIT.ok;
}
