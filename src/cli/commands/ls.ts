import { CliError } from '../cli-error.ts';
import type { Configuration } from '../configuration.ts';
import { connectIfShells } from '../connection.ts';
import { EXIT } from '../exit-status.ts';
import { writeJsonLine } from '../json/write-json-line.ts';
import { shellTable } from '../shell-table.ts';
import { tell, writeFully } from '../standard-streams.ts';

/**
 * `nsh ls`: the shells of the devbox. A local devbox that does not run has none, and is not started to say so.
 *
 * @param entry path of this program, to take over the shells of a killed devbox
 * @param json prints the views as one JSON array
 */
export async function ls(configuration: Configuration, entry: string, json: boolean): Promise<number> {
  await using connection = await connectIfShells(configuration, entry);
  const shells = connection ? await connection.devbox.shells() : [];
  if (shells === undefined) {
    throw new CliError(EXIT.server, 'this server does not list shells: only a devbox served by nsh does.');
  }
  if (json) await writeJsonLine(shells);
  else if (shells.length > 0)
    await writeFully(process.stdout, shellTable(shells, Date.now(), process.stdout.columns));
  else await tell('there are no shells. `nsh` starts one.');
  return EXIT.ok;
}
