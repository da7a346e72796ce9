import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');

export interface OtherProgram extends AsyncDisposable {
  /** Path of its `cli.js`. */
  readonly program: string;
}

/** A copy of the built program that is another build; of another version too, if one is given. */
export async function otherProgram(version?: string): Promise<OtherProgram> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'nsh-other-'));
  const dist = path.join(folder, 'dist');
  await cp(path.join(root, 'dist'), dist, { recursive: true });
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
  let changed = 0;
  for (const name of await readdir(path.join(dist, 'chunks'))) {
    const file = path.join(dist, 'chunks', name);
    const text = await readFile(file, 'utf8');
    const other = text
      .replace(/(var BUILD = true \? ")[0-9a-f]{12}"/, () => {
        changed += 1;
        return 'var BUILD = true ? "0123456789ab"';
      })
      .replace(/(var VERSION = true \? ")[^"]+"/, (all, start) =>
        version === undefined ? all : `${start}${version}"`,
      );
    if (other !== text) await writeFile(file, other);
  }
  if (changed === 0) throw new Error('The built program does not say which build it is where it used to.');
  return {
    program: path.join(dist, 'cli.js'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
