import { BashProcess } from './bash/bash-process.ts';
import { bashForm } from './bash/bootstrap.ts';
import type { BashProgram } from './bash/find-bash.ts';
import { CommandFile } from './command-file.ts';
import { Journal } from './journal.ts';
import { findProcess } from './processes/process-table.ts';
import { FactsFile } from './session-facts.ts';
import {
  checkWorkingDirectory,
  createSessionFolder,
  removeSessionFolder,
  type SessionFolder,
  ShellStartError,
} from './session-folder.ts';

export interface BashSessionOptions {
  bash: BashProgram;
  /** The session's own folder: must not exist; created with mode 0700, removed when bash has ended. */
  dir: string;
  /** Where the shell starts. */
  cwd: string;
  /** All that the shell inherits; TERM, PAGER, GIT_PAGER and HISTFILE are set by the engine. */
  env: Record<string, string>;
  /** How long bash may owe an answer before the shell is given up, in ms. Default 15 s. */
  answerLimitMs?: number;
  /**
   * For how long bash and its command live on after this server was killed, waiting for `adopt`, in ms. 0, the default:
   * bash ends as soon as its command is over. Otherwise a keeper process is started beside bash.
   */
  orphanLifeMs?: number;
  /**
   * Where the shell's state is written whenever it has been idle for a moment; the folder must exist and outlive the
   * session. Default: nowhere.
   */
  snapshotPath?: string;
  /** A snapshot to begin with: variables, functions, aliases, options, traps, cwd and umask of a shell that is no more. */
  restoreFrom?: string;
}

/** What a session consists of, whichever server has made it. */
export interface SessionParts {
  folder: SessionFolder;
  bash: BashProcess;
  facts: FactsFile;
  commandFile: CommandFile;
  journal: Journal;
}

/**
 * @throws ShellStartError when the folder, the FIFOs or bash itself cannot be had; the message says which and where.
 */
export async function startSession(options: BashSessionOptions): Promise<SessionParts> {
  await checkWorkingDirectory(options.cwd);
  const folder = await createSessionFolder(options.dir);
  const { orphanLifeMs = 0, restoreFrom, snapshotPath } = options;
  const opened: { close(): void }[] = [];
  const keep = <T extends { close(): void }>(part: T): T => {
    opened.push(part);
    return part;
  };
  try {
    const { bash, cwd } = await BashProcess.start({ ...options, folder, orphanLifeMs, restoreFrom });
    keep({ close: () => bash.discard('it could not be used') });
    const facts = keep(
      FactsFile.create(folder.facts, {
        pid: bash.pid,
        startedAt: (await findProcess(bash.pid))?.startedAt ?? 0,
        bashPath: options.bash.path,
        form: bashForm(options.bash),
        orphanLifeMs,
        keeper: bash.keeper?.process,
        snapshotPath,
        cwd: cwd || options.cwd,
        lastStatus: 0,
        errexit: false,
        command: undefined,
        held: [],
      }),
    );
    const commandFile = keep(new CommandFile(folder.command, 'create'));
    return { folder, bash, facts, commandFile, journal: new Journal(folder.journal) };
  } catch (error) {
    for (const part of opened) part.close();
    await removeSessionFolder(folder.path);
    if (error instanceof ShellStartError) throw error;
    throw new ShellStartError(`Cannot start a shell in ${folder.path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
