import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startTestDevbox } from '../helpers/devbox-server.ts';
import { createProject, REPOSITORY } from '../helpers/project.ts';

/** The README's TypeScript of that name. */
async function example(name: string): Promise<string> {
  const readme = await readFile(path.join(REPOSITORY, 'README.md'), 'utf8');
  const [, code = ''] =
    new RegExp(`<!-- ${name}[^\\n]*\\n\`\`\`ts\\n([\\s\\S]*?)\`\`\`\\n<!-- /${name} -->`).exec(readme) ?? [];
  return code;
}

test('README embeds a devbox in three lines, they run, and their process ends by itself', async () => {
  await using project = await createProject();
  const program = path.join(project.folder, 'example.ts');
  await writeFile(program, await example('embedding'));
  const tmp = path.join(project.folder, 'tmp');
  await mkdir(tmp);
  const env = { PATH: process.env.PATH, TMPDIR: tmp };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program], { env });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^\S+\/home: 0 files\n\n$/);
  expect(await readdir(tmp)).toEqual([]);
});

test('README has the library in eight lines, and they run', async () => {
  const code = await example('sdk');
  expect(code.trim().split('\n')).toHaveLength(8);
  await using project = await createProject();
  await using devbox = await startTestDevbox({ listen: 'tcp' });
  const program = path.join(project.folder, 'example.ts');
  await writeFile(program, code);
  const { url, token } = devbox.server;
  // The process ends by itself: nothing is left open.
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program], {
    env: { PATH: process.env.PATH, RUNLOOP_BASE_URL: url, RUNLOOP_API_KEY: token },
  });
  expect(stderr).toBe('');
  expect(stdout).toBe('test in app\n1\n2\n3\n');
});
