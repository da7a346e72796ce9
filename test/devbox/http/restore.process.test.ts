import { watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';
import { execute } from './commands.ts';
import { EventReader } from './event-reader.ts';
import { get, post } from './raw-client.ts';

/** Resolves when some shell has a complete snapshot. */
async function snapshotTaken({ stateDir }: TestDevbox): Promise<void> {
  const dir = join(stateDir, 'snapshots');
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = async () => {
    if ((await readdir(dir)).some((name) => !name.endsWith('.part'))) resolve();
  };
  const watcher = watch(dir, () => void look());
  await look();
  await promise;
  watcher.close();
}

test('the state of a bash that has ended is brought back into a fresh one', async () => {
  await using devbox = await startTestDevbox();
  const watcher = await EventReader.open(devbox, routes.shellEvents('local', 'main'));
  await execute(devbox, 'cd /usr; v=kept; f() { echo "f $v"; }; sleep 1000 & job=$!', 'main');
  expect(await post(devbox, routes.restoreShell('local', 'main'))).toMatchObject({
    status: 409,
    body: { code: 'shell_alive' },
  });
  await snapshotTaken(devbox);
  await execute(devbox, 'exit 3', 'main');
  expect((await get(devbox, routes.shell('local', 'main'))).body).toMatchObject({
    state: 'ended',
    restorable: true,
  });
  const restored = await post(devbox, routes.restoreShell('local', 'main'));
  expect(restored).toMatchObject({ status: 200, body: { shell: { state: 'idle', cwd: '/usr' } } });
  expect(restored.body.shell.restorable).toBeUndefined();
  expect(await watcher.first('shell_restored')).toMatchObject({ shell_name: 'main', cwd: '/usr' });
  // The job has outlived its bash, and is no job of this one.
  const next = await execute(devbox, 'f; pwd; jobs; kill $job', 'main');
  expect(next.stdout).toBe('f kept\n/usr\n');
  expect(next.nsh.fresh_shell).toBeUndefined();
});

test('a shell that was never idle left nothing; one that is not there is not found', async () => {
  await using devbox = await startTestDevbox();
  await execute(devbox, 'exit', 'main');
  expect((await get(devbox, routes.shell('local', 'main'))).body.restorable).toBeUndefined();
  expect(await post(devbox, routes.restoreShell('local', 'main'))).toMatchObject({
    status: 409,
    body: { code: 'nothing_to_restore' },
  });
  expect((await post(devbox, routes.restoreShell('local', 'other'))).status).toBe(404);
  expect((await get(devbox, routes.server())).body.capabilities).toEqual(
    expect.arrayContaining(['restore', 'keep_shells']),
  );
});
