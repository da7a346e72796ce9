import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { installBuild } from '../../.scripts/install-build.ts';

const DAY_S = 24 * 60 * 60;

/** An empty package whose `dist` takes builds. */
async function emptyPackage() {
  const root = await mkdtemp(path.join(os.tmpdir(), 'nsh-build-'));
  await writeFile(
    path.join(root, 'package.json'),
    JSON.stringify({ name: 'p', version: '1.0.0', type: 'module', files: ['dist'] }),
  );
  const dist = path.join(root, 'dist');
  return {
    dist,
    install: (files: Record<string, string>) =>
      installBuild(
        dist,
        Object.entries(files).map(([name, text]) => ({
          path: path.join(dist, name),
          contents: Buffer.from(text),
        })),
      ),
    packed: (): string[] => {
      const npm = ['pack', '--dry-run', '--json', '--ignore-scripts'];
      const [listed] = JSON.parse(execFileSync('npm', npm, { cwd: root, encoding: 'utf8' }));
      return listed.files.map((file: { path: string }) => file.path).sort();
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

/** Loads its chunk when it is told to. */
const program = (chunk: string) =>
  `process.stdout.write('up\\n'); process.stdin.once('data', async () => {
    console.log((await import('./chunks/${chunk}')).said); process.exit();
  });`;

test('a program that runs loads its chunks after a newer build; they are not packed', async () => {
  await using p = await emptyPackage();
  await p.install({ 'cli.js': program('a-1.js'), 'chunks/a-1.js': 'export const said = "one"' });
  const running = spawn(process.execPath, [path.join(p.dist, 'cli.js')]);
  await once(running.stdout, 'data');
  await p.install({ 'cli.js': program('a-2.js'), 'chunks/a-2.js': 'export const said = "two"' });
  const said = once(running.stdout, 'data');
  running.stdin.write('go\n');
  expect(String(await said)).toBe('one\n');
  expect(p.packed()).toEqual(['dist/chunks/a-2.js', 'dist/cli.js', 'package.json']);
  expect((await stat(path.join(p.dist, 'cli.js'))).mode & 0o111).toBe(0o111);
});

test('a chunk goes 14 days after it was replaced, however old it was then', async () => {
  await using p = await emptyPackage();
  const chunks = path.join(p.dist, 'chunks');
  const age = async (name: string, days: number) => {
    const then = Date.now() / 1000 - days * DAY_S;
    await utimes(path.join(chunks, name), then, then);
  };
  await p.install({ 'cli.js': '', 'chunks/a-1.js': '1', 'chunks/same-0.js': '0' });
  await age('a-1.js', 100);
  await p.install({ 'cli.js': '', 'chunks/a-2.js': '2', 'chunks/same-0.js': '0' });
  expect((await readdir(chunks)).sort()).toEqual(['a-1.js', 'a-2.js', 'same-0.js']);
  await age('a-1.js', 13);
  await p.install({ 'cli.js': '', 'chunks/a-3.js': '3', 'chunks/same-0.js': '0' });
  expect((await readdir(chunks)).sort()).toEqual(['a-1.js', 'a-2.js', 'a-3.js', 'same-0.js']);
  await age('a-1.js', 15);
  await p.install({ 'cli.js': '', 'chunks/a-3.js': '3', 'chunks/same-0.js': '0' });
  expect((await readdir(chunks)).sort()).toEqual(['a-2.js', 'a-3.js', 'same-0.js']);
});

test('a chunk that a later build has again is packed again', async () => {
  await using p = await emptyPackage();
  await p.install({ 'cli.js': '', 'chunks/a-1.js': '1' });
  await p.install({ 'cli.js': '', 'chunks/a-2.js': '2' });
  await p.install({ 'cli.js': '', 'chunks/a-1.js': '1' });
  expect(p.packed()).toEqual(['dist/chunks/a-1.js', 'dist/cli.js', 'package.json']);
  expect(await readFile(path.join(p.dist, '.npmignore'), 'utf8')).toBe('/chunks/a-2.js\n');
});
