import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const REPOSITORY = path.join(import.meta.dirname, '../..');

/** Somebody's project, in which this package, as it was built, is installed and the official client too. */
export async function createProject(): Promise<AsyncDisposable & { folder: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'nsh-project-'));
  const modules = path.join(folder, 'node_modules');
  await mkdir(path.join(modules, '@runloop'), { recursive: true });
  await symlink(REPOSITORY, path.join(modules, 'named-shell'));
  for (const name of ['@runloop/api-client', '@types']) {
    await symlink(path.join(REPOSITORY, 'node_modules', name), path.join(modules, name));
  }
  await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
