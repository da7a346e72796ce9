import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BashNotFoundError, findBash } from '../../../src/devbox/engine/bash/find-bash.ts';
import { temporaryFolder } from './shell-under-test.ts';

function fakeBash(version: string): string {
  const folder = temporaryFolder();
  const path = join(folder, 'bash');
  writeFileSync(path, `#!/bin/sh\necho 'GNU bash, version ${version} (x86_64)'\n`);
  chmodSync(path, 0o755);
  return folder;
}

test('takes the first on the PATH, with its version', async () => {
  const folder = fakeBash('3.2.57(1)-release');
  expect(await findBash({ PATH: `/nosuch:relative:${folder}` })).toEqual({
    path: join(folder, 'bash'),
    version: '3.2.57(1)-release',
    major: 3,
    minor: 2,
  });
});

test('passes over one that is too old, and looks in the usual places', async () => {
  const found = await findBash({ PATH: fakeBash('3.1.17(1)-release') });
  expect(found.path).toMatch(/^\/(usr\/|opt\/homebrew\/)?(local\/)?bin\/bash$/);
});

test('none: says where was looked and what to do', () => {
  const error = new BashNotFoundError(['/a', '/b'], ['/a/bash (version 2.05 is older than 3.2)']);
  expect(error.message).toBe(
    'No usable bash was found (searched /a, /b). Found, but not usable: /a/bash (version 2.05 is older than 3.2). ' +
      'Install bash 3.2 or newer, or put it on the PATH.',
  );
});
