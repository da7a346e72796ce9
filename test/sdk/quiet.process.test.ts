import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('nothing is ever written to the console: what there is to say goes to the logger', async () => {
  const program = path.join(import.meta.dirname, 'fixtures/noisy-session.ts');
  // Warnings of Node itself, such as too many listeners, would be on stderr.
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program], {
    env: { PATH: process.env.PATH },
  });
  expect(stderr).toBe('');
  expect(stdout).toBe('quiet\n');
});
