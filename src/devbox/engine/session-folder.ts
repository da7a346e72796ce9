import { chmod, mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FifoNames } from './fifos/fifo-names.ts';
import { makeFifos } from './fifos/make-fifos.ts';

/** The shell's own folder and the FIFOs in it. */
export interface SessionFolder {
  path: string;
  control: string;
  status: string;
  ownStdout: string;
  ownStderr: string;
  command: string;
  journal: string;
  facts: string;
  fifoNames: FifoNames;
  /** Paths of the FIFOs for commands that nobody uses yet. */
  spares: string[];
}

/** The parts that every session's folder has, whoever made it. */
export function sessionPaths(path: string) {
  return {
    path,
    control: join(path, 'control'),
    status: join(path, 'status'),
    ownStdout: join(path, 'own-stdout'),
    ownStderr: join(path, 'own-stderr'),
    command: join(path, 'command'),
    journal: join(path, 'journal'),
    facts: join(path, 'facts'),
  };
}

/** A shell could not be started. The message says what was wrong and where. */
export class ShellStartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ShellStartError';
  }
}

/** @throws ShellStartError when the folder exists already or cannot be written. */
export async function createSessionFolder(path: string): Promise<SessionFolder> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await mkdir(path, { mode: 0o700 });
    await chmod(path, 0o700); // whatever the umask
  } catch (error) {
    throw new ShellStartError(`Cannot create the shell's folder ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  try {
    // One call: two for each stream and an attached stdin's are spares from the start.
    const fifoNames = new FifoNames([]);
    const uses = ['output', 'output', 'output', 'output', 'input'] as const;
    const spareNames = uses.map((use) => fifoNames.take(use));
    const fixed = ['control', 'status', 'own-stdout', 'own-stderr', 'keeper'];
    const made = await makeFifos(path, [...fixed, ...spareNames]);
    return { ...sessionPaths(path), fifoNames, spares: made.slice(fixed.length) };
  } catch (error) {
    await removeSessionFolder(path);
    throw new ShellStartError((error as Error).message, { cause: error });
  }
}

export async function removeSessionFolder(path: string): Promise<void> {
  // Again, because spare FIFOs may just be made in it.
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

/** @throws ShellStartError when it is no folder: spawn would blame bash for it. */
export async function checkWorkingDirectory(cwd: string): Promise<void> {
  const found = await stat(cwd).catch((error: Error) => error);
  if (found instanceof Error) {
    throw new ShellStartError(`A shell cannot start in ${cwd}: ${found.message}`, { cause: found });
  }
  if (!found.isDirectory()) throw new ShellStartError(`A shell cannot start in ${cwd}: it is no directory.`);
}
