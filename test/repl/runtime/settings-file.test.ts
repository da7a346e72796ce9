import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSettingsFile } from '../../../src/repl/runtime/settings/settings-file.ts';
import { defaultSettings } from '../../../src/repl/state/settings.ts';

let root: string;
let path: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'settings-'));
  path = join(root, 'config/named-shell/settings.conf');
});
afterEach(() => rm(root, { recursive: true }));

it('is not there until a setting is changed, and then holds it for the next time', async () => {
  expect(await openSettingsFile(path).load()).toEqual({ settings: defaultSettings, problems: [] });
  expect(await readdir(root)).toEqual([]);
  expect(await openSettingsFile(path).keep('color', 'on')).toBeUndefined();
  expect((await openSettingsFile(path).load()).settings).toEqual({ ...defaultSettings, color: 'on' });
  expect(await readdir(dirname(path))).toEqual(['settings.conf']);
});

it('takes changes one after the other, and leaves mode and link as they are', async () => {
  const kept = join(root, 'dotfiles');
  await writeFile(kept, '# mine\n');
  await chmod(kept, 0o640);
  await mkdir(dirname(path), { recursive: true });
  await symlink(kept, path);
  const file = openSettingsFile(path);
  await Promise.all([file.keep('color', 'on'), file.keep('keys', 'vi'), file.keep('color', 'off')]);
  expect(await readFile(kept, 'utf8')).toBe('# mine\ncolor = off\nkeys = vi\n');
  expect((await stat(kept)).mode & 0o777).toBe(0o640);
});

it('tells where the file is wrong; a file that cannot be read leaves the defaults', async () => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `keys = vi\n${'nothing = 1\n'.repeat(7)}`);
  const { settings, problems } = await openSettingsFile(path).load();
  expect(settings).toEqual({ ...defaultSettings, keys: 'vi' });
  expect(problems).toHaveLength(6);
  expect(problems[0]).toMatch(`${path}:2: There is no setting \`nothing\`.`);
  expect(problems.at(-1)).toBe(`${path}: 2 more lines are wrong.`);
  await writeFile(path, 'x'.repeat(2 * 1024 * 1024));
  expect((await openSettingsFile(path).load()).problems[0]).toMatch(
    /settings\.conf: 2097152 bytes are too much/,
  );
  await rm(path);
  await mkdir(path);
  const folder = await openSettingsFile(path).load();
  expect(folder.settings).toEqual(defaultSettings);
  expect(folder.problems).toEqual([expect.stringMatching(/EISDIR.*All settings are at their defaults\.$/)]);
  expect(await openSettingsFile(path).keep('color', 'on')).toMatch(/settings\.conf: .*EISDIR/);
});
