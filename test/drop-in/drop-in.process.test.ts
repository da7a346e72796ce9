import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startTestDevbox } from '../helpers/devbox-server.ts';
import { createProject, REPOSITORY } from '../helpers/project.ts';

const run = promisify(execFile);
const OFFICIAL = { package: '@runloop/api-client', constructor: 'RunloopSDK' };
const OURS = { package: 'named-shell', constructor: 'DevboxClient' };

/** The program as it is, and with its import and its constructor changed, to be compiled together. */
async function writePrograms(folder: string): Promise<void> {
  const compilerOptions = {
    module: 'nodenext',
    target: 'esnext',
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
  };
  await writeFile(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['official.ts', 'ours.ts'] }),
  );
  const official = await readFile(path.join(import.meta.dirname, 'fixtures/program.ts'), 'utf8');
  const ours = official
    .replace(`'${OFFICIAL.package}'`, `'${OURS.package}'`)
    .replaceAll(OFFICIAL.constructor, OURS.constructor);
  await writeFile(path.join(folder, 'official.ts'), official);
  await writeFile(path.join(folder, 'ours.ts'), ours);
}

test('code of the official client compiles and says the same with its import and constructor changed', async () => {
  await using project = await createProject();
  const { folder } = project;
  await writePrograms(folder);
  const check = run(process.execPath, [
    path.join(REPOSITORY, 'node_modules/typescript/bin/tsc'),
    '-p',
    folder,
  ]);
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
