import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { endWithNpm } from './end-with-npm.ts';

const root = path.join(import.meta.dirname, '..');

/** Newest modification in a tree, ms since the epoch. A folder counts too, so that a deleted file is noticed. */
async function newest(place: string): Promise<number> {
  const self = await stat(place);
  if (!self.isDirectory()) return self.mtimeMs;
  const inside = await Promise.all((await readdir(place)).map((name) => newest(path.join(place, name))));
  return Math.max(self.mtimeMs, ...inside);
}

const built = await stat(path.join(root, 'dist/.built')).then(
  ({ mtimeMs }) => mtimeMs,
  () => 0,
);
const sources = ['src', '.scripts', 'package.json', 'package-lock.json', 'tsconfig.json'];
const changed = Math.max(...(await Promise.all(sources.map((name) => newest(path.join(root, name))))));
if (changed > built) {
  process.stderr.write('Building nsh …\n');
  const { buildAll } = await import('./build.ts');
  await buildAll();
}

if (process.env.npm_lifecycle_event === 'start') endWithNpm();
const cli = path.join(root, 'dist/cli.js');
// The background server is started from argv[1], and messages name it: it must be nsh, not this script.
process.argv[1] = cli;
await import(cli);
