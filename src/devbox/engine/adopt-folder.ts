import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isSameProcess } from './bash/bash-life.ts';
import { BashProcess } from './bash/bash-process.ts';
import { CommandFile } from './command-file.ts';
import { FifoNames, fifoUse } from './fifos/fifo-names.ts';
import { Journal } from './journal.ts';
import { FactsFile } from './session-facts.ts';
import { sessionPaths } from './session-folder.ts';
import type { SessionParts } from './start-session.ts';

/** A session that no server can take over: it has none, or its bash is gone and left nothing to read. */
export class NotAdoptableError extends Error {
  constructor(dir: string, why: string, options?: ErrorOptions) {
    super(`The shell in ${dir} cannot be taken over: ${why}`, options);
    this.name = 'NotAdoptableError';
  }
}

export interface AdoptedParts extends SessionParts {
  alive: boolean;
}

/**
 * Opens everything that a session consists of by its path.
 *
 * @throws NotAdoptableError
 */
export async function adoptFolder(dir: string): Promise<AdoptedParts> {
  const paths = sessionPaths(dir);
  let facts: FactsFile;
  let names: string[];
  try {
    facts = FactsFile.open(paths.facts);
    names = readdirSync(dir).filter((name) => fifoUse(name) !== undefined);
  } catch (error) {
    throw new NotAdoptableError(dir, (error as Error).message, { cause: error });
  }
  const { pid, startedAt, bashPath, orphanLifeMs, keeper, command, held } = facts.current;
  const inUse = new Set([command?.stdout, command?.stderr, command?.stdin, ...held.map(({ fifo }) => fifo)]);
  const spares = names.filter((name) => !inUse.has(name)).map((name) => join(dir, name));
  const folder = { ...paths, fifoNames: new FifoNames(names), spares };
  try {
    const alive = await isSameProcess(pid, startedAt);
    const bash = await BashProcess.adopt({
      folder,
      pid,
      startedAt,
      bashPath,
      orphanLifeMs,
      keeper,
      fifos: names,
    });
    if (bash.keeper?.process) facts.note({ keeper: bash.keeper.process });
    const commandFile = new CommandFile(folder.command, 'existing');
    return { folder, facts, bash, commandFile, journal: new Journal(folder.journal), alive };
  } catch (error) {
    facts.close();
    throw new NotAdoptableError(dir, (error as Error).message, { cause: error });
  }
}
