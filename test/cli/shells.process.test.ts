import { access, readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { nshHome } from '../helpers/nsh.ts';

describe('without a server', () => {
  test('ls, close and stop say so and start none', async () => {
    await using nsh = await nshHome();
    expect(await nsh.run(['ls'])).toMatchObject({
      status: 0,
      stdout: '',
      stderr: 'nsh: there are no shells. `nsh` starts one.\n',
    });
    expect(await nsh.run(['ls', '--json'])).toMatchObject({ status: 0, stdout: '[]\n', stderr: '' });
    expect(await nsh.run(['close', 'a'])).toMatchObject({
      status: 1,
      stdout: '',
      stderr: 'nsh: there is no shell "a" to close. `nsh ls` lists those that there are.\n',
    });
    expect(await nsh.run(['stop'])).toMatchObject({ status: 0, stdout: 'No local devbox is running.\n' });
    await expect(access(`${nsh.stateDir}/server.log`)).rejects.toThrow('ENOENT');
  });

  test('--help and --version need none, and no key', async () => {
    await using nsh = await nshHome();
    expect(await nsh.run(['--version'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    const help = await nsh.run(['--devbox', 'x', '--help']);
    expect(help).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('Usage:') });
    await expect(readdir(nsh.stateDir)).rejects.toThrow('ENOENT');
  });
});

test('ls, close and stop of shells that are there', async () => {
  await using nsh = await nshHome();
  await nsh.run(['-c', 'cd /', 'a']);
  const running = nsh.start(['-c', 'echo go; sleep 1000', 'b']);
  await running.printed('go');
  const listed = (await nsh.run(['ls'])).stdout;
  expect(listed).toMatch(
    /^NAME {2}STATE {4}PID +QUEUE {2}LAST USED {2}CWD\na {5}idle {5}\d+ +0 {6}\ds ago {5}\/\nb {5}running {2}\d+ +0 {6}\ds ago {5}\/\S+\n$/,
  );
  expect(JSON.parse((await nsh.run(['ls', '--json'])).stdout)).toMatchObject([
    { shell_name: 'a', state: 'idle', cwd: '/', queue: [] },
    { shell_name: 'b', state: 'running', queue: [{ command: 'echo go; sleep 1000', status: 'running' }] },
  ]);

  expect(await nsh.run(['close', 'a'])).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect((await nsh.run(['close', 'a'])).status).toBe(1);

  expect(await nsh.run(['stop'])).toMatchObject({
    status: 0,
    stdout: 'Stopped the local devbox with 1 shell (b), and 1 unfinished command.\n',
  });
  expect((await running.ended).status).toBeGreaterThan(0);
  expect((await nsh.run(['ls', '--json'])).stdout).toBe('[]\n');

  // Stopped means ended: the next nsh finds nothing in its way.
  expect((await nsh.run(['-c', 'echo again', 'b'])).stdout).toBe('again\n');
});
