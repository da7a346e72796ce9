import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { Refusal } from '../refusal.ts';

/**
 * Checks the directory in which a shell is to start.
 *
 * @throws Refusal `cwd_invalid`
 */
export async function checkDirectory(cwd: string): Promise<void> {
  const wrong = await whatIsWrong(cwd);
  if (wrong === undefined) return;
  throw new Refusal(
    400,
    'cwd_invalid',
    `cwd ${JSON.stringify(cwd)} ${wrong}. Give the absolute path of a directory.`,
  );
}

async function whatIsWrong(cwd: string): Promise<string | undefined> {
  if (!isAbsolute(cwd)) return 'is not an absolute path';
  if (cwd.includes('\0')) return 'holds a NUL character';
  try {
    return (await stat(cwd)).isDirectory() ? undefined : 'is not a directory';
  } catch (error) {
    return `cannot be used (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
  }
}
