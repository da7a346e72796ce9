import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startTestDevbox } from '../helpers/devbox-server.ts';
import { createProject, REPOSITORY } from '../helpers/project.ts';

test('README has the library in eight lines, and they run', async () => {
  const readme = await readFile(path.join(REPOSITORY, 'README.md'), 'utf8');
  const [, code = ''] = /<!-- sdk[^\n]*\n```ts\n([\s\S]*?)```\n<!-- \/sdk -->/.exec(readme) ?? [];
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
