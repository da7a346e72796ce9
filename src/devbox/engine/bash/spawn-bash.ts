import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { type SessionFolder, ShellStartError } from '../session-folder.ts';
import { SHELL_ARGUMENTS, SHELL_ENVIRONMENT } from './bootstrap.ts';
import type { BashProgram } from './find-bash.ts';

/**
 * Starts bash in a session of its own (no terminal, no signal of the server's). The server's ends of the FIFOs must be
 * open, else opening them here would block.
 *
 * @throws ShellStartError when the program cannot be started.
 */
export async function spawnBash(
  bash: BashProgram,
  folder: SessionFolder,
  cwd: string,
  env: Record<string, string>,
): Promise<ChildProcess> {
  const stdio: number[] = [];
  try {
    stdio.push(openSync(folder.control, constants.O_RDONLY));
    stdio.push(openSync(folder.ownStdout, constants.O_WRONLY));
    stdio.push(openSync(folder.ownStderr, constants.O_WRONLY));
    const child = spawn(bash.path, SHELL_ARGUMENTS, {
      cwd,
      // PWD: bash keeps the path as it was given, with its symbolic links.
      env: { ...env, PWD: cwd, ...SHELL_ENVIRONMENT },
      stdio,
      detached: true,
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    return child;
  } catch (error) {
    throw new ShellStartError(`Cannot start ${bash.path}: ${(error as Error).message}`, { cause: error });
  } finally {
    for (const fd of stdio) closeSync(fd);
  }
}
