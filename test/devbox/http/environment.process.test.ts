import { execFileSync } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';
import { MortalDevbox } from '../recovery/mortal-devbox.ts';
import { execute } from './commands.ts';
import { get, post, send } from './raw-client.ts';

const SECRET = 'hunter2-0123456789';

const put = (devbox: TestDevbox, name: string, body: object) =>
  send(devbox, { method: 'PUT', path: routes.shell('local', name), body });

const given = {
  PATH: '/usr/bin:/bin',
  LANG: 'C.UTF-8',
  MARK: 'mine',
  TOKEN: SECRET,
  'BASH_FUNC_f%%': '() { echo f; }',
};

test('a shell has the environment that it was given, and keeps it in a bash that follows', async () => {
  await using devbox = await startTestDevbox({
    env: { PATH: process.env.PATH ?? '', HOME: '/root', SERVERS: 'own' },
  });
  expect((await put(devbox, 'main', { environment: given })).status).toBe(200);
  const show = 'echo "$MARK $TOKEN [$SERVERS] $PATH"; f';
  const shown = `mine ${SECRET} [] /usr/bin:/bin\nf\n`;
  expect((await execute(devbox, show, 'main')).stdout).toBe(shown);
  await execute(devbox, 'exit', 'main');
  expect((await execute(devbox, show, 'main')).stdout).toBe(shown);

  // One that lives is left alone, one that does not is given the new one.
  await put(devbox, 'main', { environment: { ...given, MARK: 'other' } });
  expect((await execute(devbox, 'echo $MARK', 'main')).stdout).toBe('mine\n');
  await execute(devbox, 'exit', 'main');
  await put(devbox, 'main', { environment: { ...given, MARK: 'other' } });
  expect((await execute(devbox, 'echo $MARK', 'main')).stdout).toBe('other\n');

  // Others have the server's.
  expect((await execute(devbox, 'echo "$MARK $SERVERS"', 'second')).stdout).toBe(' own\n');
  expect((await execute(devbox, 'echo "$MARK $SERVERS"')).stdout).toBe(' own\n');
});

test('what is never inherited is not, and each shell knows its own name', async () => {
  await using devbox = await startTestDevbox();
  const environment = {
    ...given,
    RUNLOOP_API_KEY: 'k',
    BASH_ENV: '/tmp/x',
    NSH_SHELL: 'outer',
    NSH_SHELL_ID: 'o',
  };
  const { body } = await put(devbox, 'a b', { environment });
  expect(body.shell.shell_id).toMatch(/^[0-9a-f-]{36}$/);
  const show = 'echo "[$RUNLOOP_API_KEY$BASH_ENV] $NSH_SHELL $NSH_SHELL_ID"';
  expect((await execute(devbox, show, 'a b')).stdout).toBe(`[] a b ${body.shell.shell_id}\n`);
  expect((await execute(devbox, show)).stdout).toBe('[]  \n');
});

test('a name that no process can have is refused, and its value is not told', async () => {
  await using devbox = await startTestDevbox();
  for (const environment of [{ 'A=B': SECRET }, { '': SECRET }, { A: `${SECRET}\0` }]) {
    const { status, body } = await put(devbox, 'main', { environment });
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'environment_invalid' });
    expect(body.message).not.toContain(SECRET);
  }
  expect((await get(devbox, routes.shells('local'))).body.shells).toEqual([]);
});

test('it outlives a server that was killed, in a file of its owner alone, and goes with its shell', async () => {
  await using devbox = await MortalDevbox.start();
  await put(devbox, 'main', { environment: given });
  await put(devbox, 'other', { environment: given });
  await devbox.restart();
  await execute(devbox, 'exit', 'main');
  expect((await execute(devbox, 'echo $MARK', 'main')).stdout).toBe('mine\n');

  const holders = execFileSync('grep', ['-rl', SECRET, devbox.stateDir], { encoding: 'utf8' });
  for (const file of holders.trim().split('\n')) {
    // The state of a shell for `restore` has its variables, as ever.
    expect(file).toMatch(/\/(environments|snapshots)\/[0-9a-f-]{36}$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  }
  expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(SECRET);

  const folder = join(devbox.stateDir, 'environments');
  expect(await readdir(folder)).toHaveLength(2);
  await post(devbox, routes.closeShell('local', 'main'));
  const left = await readdir(folder);
  expect(left).toHaveLength(1);
  expect(JSON.parse(await readFile(join(folder, String(left[0])), 'utf8'))).toMatchObject({ MARK: 'mine' });
});
