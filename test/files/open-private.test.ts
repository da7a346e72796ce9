import { chmod, chown, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPrivate } from '../../src/files/open-private.ts';
import { openHistoryFile } from '../../src/repl/runtime/history/history-file.ts';
import { canBeOther, OTHER_UID } from '../helpers/other-user.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nsh-private-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a file is made 0600, and one that was open is closed', async () => {
  const path = join(folder, 'file');
  await (await openPrivate(path)).close();
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await chmod(path, 0o666);
  await (await openPrivate(path)).close();
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('a link is not followed: a history in its place says so and writes nothing', async () => {
  await writeFile(join(folder, 'precious'), 'precious');
  await symlink(join(folder, 'precious'), join(folder, 'history'));
  await expect(openPrivate(join(folder, 'history'))).rejects.toMatchObject({ code: 'ELOOP' });
  const history = openHistoryFile({ path: join(folder, 'history') });
  expect(await history.append({ cmd: 'echo secret', t: 1 })).toContain('ELOOP');
  expect(await readFile(join(folder, 'precious'), 'utf8')).toBe('precious');
});

test.runIf(canBeOther)('another user’s file is not written', async () => {
  const path = join(folder, 'theirs');
  await writeFile(path, '');
  await chown(path, OTHER_UID, OTHER_UID);
  await expect(openPrivate(path)).rejects.toMatchObject({ code: 'EPERM' });
});
