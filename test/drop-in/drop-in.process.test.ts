import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startTestDevbox } from '../helpers/devbox-server.ts';

const run = promisify(execFile);
const ROOT = path.join(import.meta.dirname, '../..');
const OFFICIAL = { package: '@runloop/api-client', constructor: 'RunloopSDK' };
const OURS = { package: 'named-shell', constructor: 'DevboxClient' };

/** Somebody's project, in which both packages are installed. */
async function createProject(): Promise<AsyncDisposable & { folder: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'nsh-drop-in-'));
  const modules = path.join(folder, 'node_modules');
  await mkdir(path.join(modules, '@runloop'), { recursive: true });
  await symlink(ROOT, path.join(modules, OURS.package));
  await symlink(path.join(ROOT, 'node_modules', OFFICIAL.package), path.join(modules, OFFICIAL.package));
  await symlink(path.join(ROOT, 'node_modules/@types'), path.join(modules, '@types'));
  await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
  const compilerOptions = {
    module: 'nodenext',
    target: 'esnext',
    strict: true,
    exactOptionalPropertyTypes: false,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
  };
  await writeFile(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['official.ts', 'ours.ts'] }),
  );
  const official = await readFile(path.join(import.meta.dirname, 'fixtures/program.ts'), 'utf8');
  // The import's two words, and the constructor's one.
  const ours = official
    .replace(`'${OFFICIAL.package}'`, `'${OURS.package}'`)
    .replaceAll(OFFICIAL.constructor, OURS.constructor);
  await writeFile(path.join(folder, 'official.ts'), official);
  await writeFile(path.join(folder, 'ours.ts'), ours);
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

test('code of the official client compiles and says the same with its import and constructor changed', async () => {
  await using project = await createProject();
  const { folder } = project;
  const check = run(process.execPath, [path.join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder]);
  await check.catch((error: { stdout: string }) => expect.fail(error.stdout));
  const said: string[] = [];
  for (const program of ['official.ts', 'ours.ts']) {
    // A devbox for each: they leave names and files behind.
    await using devbox = await startTestDevbox({ listen: 'tcp' });
    const { url, token } = devbox.server;
    const env = { PATH: process.env.PATH, DEVBOX_URL: url, DEVBOX_TOKEN: token };
    const { stdout, stderr } = await run(process.execPath, [path.join(folder, program)], { env });
    expect(stderr).toBe('');
    said.push(stdout);
  }
  const [official = '', ours = ''] = said;
  expect(official).toContain('shutdown: "shutdown"\n');
  expect(ours).toBe(official);
});
