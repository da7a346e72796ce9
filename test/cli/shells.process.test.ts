import { access, readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type NshHome, nshHome } from '../helpers/nsh.ts';
import { openTerminal } from '../helpers/terminal.ts';

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

describe('close of a busy shell', () => {
  const busy = async (nsh: NshHome) => {
    const running = nsh.start(['-c', 'echo go; sleep 1000', 'b']);
    await running.printed('go');
    return running;
  };
  const closing = (nsh: NshHome) =>
    openTerminal(process.execPath, [nsh.program, 'close', 'b'], { cwd: nsh.home, env: { ...nsh.env } });

  test('is refused to a program, 65, and done with --force', async () => {
    await using nsh = await nshHome();
    const running = await busy(nsh);
    expect(await nsh.run(['close', 'b'])).toMatchObject({
      status: 65,
      stdout: '',
      stderr:
        'nsh: in the shell "b" `echo go; sleep 1000` runs. `nsh close --force` ends that with the shell; nothing was closed.\n',
    });
    expect((await nsh.run(['ls'])).stdout).toMatch(/b +running/);
    expect(await nsh.run(['close', '--force', 'b'])).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect((await running.ended).status).toBeGreaterThan(0);
    expect((await nsh.run(['ls', '--json'])).stdout).toBe('[]\n');
  });

  test('is asked about at a terminal: Enter leaves it, y ends it', async () => {
    await using nsh = await nshHome();
    const running = await busy(nsh);
    {
      using terminal = closing(nsh);
      await terminal.waitFor('n or Enter: leave the shell as it is');
      terminal.write('\r');
      expect((await terminal.exited).exitCode).toBe(65);
      expect(terminal.screen()).toContain('nothing was closed.');
    }
    expect((await nsh.run(['ls'])).stdout).toMatch(/b +running/);
    using terminal = closing(nsh);
    await terminal.waitFor('y: end it with the shell');
    terminal.write('y');
    expect((await terminal.exited).exitCode).toBe(0);
    expect((await running.ended).status).toBeGreaterThan(0);
  });
});
