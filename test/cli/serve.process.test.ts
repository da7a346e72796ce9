import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { request } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { type NshHome, nshHome, type RunningNsh } from '../helpers/nsh.ts';

async function serve(
  nsh: NshHome,
  env: Record<string, string> = {},
): Promise<{ running: RunningNsh; url: string; token: string }> {
  const running = nsh.start(['serve', '--json'], { env });
  const { url, token } = JSON.parse(await running.printed('}\n')) as { url: string; token: string };
  return { running, url, token };
}

test('a devbox served over TCP is used like the local one', async () => {
  await using nsh = await nshHome();
  const { running, url, token } = await serve(nsh);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(token.length).toBeGreaterThanOrEqual(32);
  const env = { RUNLOOP_API_KEY: token };
  const there = ['--devbox', 'local', '--base-url', url];

  expect(await nsh.run([...there, 's1'], { env, input: 'cd /tmp\nA=1\nfalse\n' })).toMatchObject({
    status: 1,
  });
  expect(await nsh.run(['-c', 'echo $A $PWD', 's1', ...there], { env })).toMatchObject({
    status: 0,
    stdout: '1 /tmp\n',
  });
  expect(
    (await nsh.run(['--devbox', 'local', 'ls'], { env: { ...env, RUNLOOP_BASE_URL: url } })).stdout,
  ).toMatch(/\ns1 /);
  // It is another devbox than the one in the background.
  expect((await nsh.run(['ls', '--json'])).stdout).toBe('[]\n');

  const wrongToken = await nsh.run([...there, '-c', 'echo ran'], { env: { RUNLOOP_API_KEY: 'wrong' } });
  expect(wrongToken).toMatchObject({ status: 77, stdout: '' });
  expect(wrongToken.stderr).toMatch(/^nsh: [^\n]*token[^\n]*RUNLOOP_API_KEY[^\n]*\n$/);
  expect(wrongToken.stderr).not.toContain(token);

  const noDevbox = await nsh.run(['--devbox', 'dbx_nope', '--base-url', url, '-c', 'echo ran'], { env });
  expect(noDevbox).toMatchObject({ status: 66, stdout: '' });
  expect(noDevbox.stderr).toMatch(/^nsh: [^\n]*dbx_nope[^\n]*\n$/);

  expect(await nsh.run([...there, 'close', 's1'], { env })).toMatchObject({ status: 0 });
  running.child.kill('SIGINT');
  expect(await running.ended).toMatchObject({ status: 0, stderr: '' });

  const gone = await nsh.run([...there, '-c', 'echo ran'], { env });
  expect(gone).toMatchObject({ status: 69, stdout: '' });
  expect(gone.stderr).toMatch(new RegExp(`^nsh: [^\\n]*${url}[^\\n]*\\n$`));
});

test('NSH_TOKEN is the token, and no shell sees it', async () => {
  await using nsh = await nshHome();
  const { url, token, running } = await serve(nsh, { NSH_TOKEN: 'chosen' });
  expect(token).toBe('chosen');
  const env = { RUNLOOP_API_KEY: 'chosen' };
  expect(
    (await nsh.run(['--devbox', 'local', '--base-url', url, '-c', 'env | grep chosen'], { env })).status,
  ).toBe(1);
  running.child.kill('SIGTERM');
  expect((await running.ended).status).toBe(143);
});

test('people get a line that can be pasted, and the token is in nothing that is kept of it', async () => {
  await using nsh = await nshHome();
  const running = nsh.start(['serve']);
  const text = await running.printed('Attach with');
  const [, line = '', url = ''] =
    /^Serving at \S+\nAttach with: (RUNLOOP_API_KEY="\$\(cat '[^']+'\)" nsh --devbox local --base-url (\S+))\n$/.exec(
      text,
    ) ?? [];
  const file = path.join(nsh.stateDir, 'serve/token');
  expect(line).toContain(`'${file}'`);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const token = await readFile(file, 'utf8');
  expect(token).toMatch(/^[\w-]{43}$/);
  // The line does what it says, when a shell reads it.
  await execute(
    `nsh() { "$NODE" "$PROGRAM" "$@"; }; ${line} -c 'echo "<$RUNLOOP_API_KEY$NSH_TOKEN>"' s1`,
    nsh,
  );
  running.child.kill('SIGINT');
  expect(await running.ended).toMatchObject({ status: 0, stdout: text, stderr: '' });
  expect(text).not.toContain(token);
  expect(url).toMatch(/^http:/);
  await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a token that was given is neither printed nor kept', async () => {
  await using nsh = await nshHome();
  const running = nsh.start(['serve'], { env: { NSH_TOKEN: 'chosen' } });
  await running.printed('Attach with');
  await expect(stat(path.join(nsh.stateDir, 'serve/token'))).rejects.toMatchObject({ code: 'ENOENT' });
  running.child.kill('SIGINT');
  expect((await running.ended).stdout).toMatch(
    /^Serving at (http:\/\/127\.0\.0\.1:\d+)\nAttach with: RUNLOOP_API_KEY="\$NSH_TOKEN" nsh --devbox local --base-url \1\n$/,
  );
});

/** Runs a line in bash, as somebody who pasted it, and expects that it printed `<>`. */
async function execute(line: string, nsh: NshHome): Promise<void> {
  const env = { ...nsh.env, NODE: process.execPath, PROGRAM: nsh.program };
  const { stdout } = await promisify(execFile)('bash', ['-c', line], { env });
  expect(stdout).toBe('<>\n');
}

test('no process shows a token in its arguments, and no file but its own holds it', async () => {
  await using nsh = await nshHome();
  const token = 'a-token-that-is-looked-for';
  const { url, running } = await serve(nsh, { NSH_TOKEN: token });
  const there = ['--devbox', 'local', '--base-url', url];
  const env = { RUNLOOP_API_KEY: token };
  // With the key in its environment, as users have it, nsh starts a background server too.
  await nsh.run(['-c', 'tr "\\0" "\\n" </proc/$PPID/environ; env', 's1'], { env }).then(({ stdout }) => {
    expect(stdout).toContain('NSH_STATE_DIR');
    expect(stdout).not.toContain(token);
  });
  const inShell =
    'for file in /proc/[0-9]*/cmdline; do tr "\\0" " " <$file; echo; done 2>/dev/null; env; set; :';
  const { status, stdout } = await nsh.run([...there, '-c', inShell, 's2'], { env });
  expect(status).toBe(0);
  expect(stdout).toContain(`serve`);
  expect(stdout).not.toContain(token);
  for (const entry of await readdir(nsh.stateDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    expect([file, (await readFile(file, 'latin1')).includes(token)]).toEqual([file, false]);
  }
  running.child.kill('SIGINT');
  await running.ended;
});

test('beyond this machine: only when asked for, with a token that is no word, and with a warning', async () => {
  await using nsh = await nshHome();
  const args = ['serve', '--listen', '0.0.0.0:0', '--json', '--allow-remote'];
  const short = await nsh.run(args, { env: { NSH_TOKEN: 'password' } });
  expect(short).toMatchObject({ status: 64, stdout: '' });
  expect(short.stderr).toContain('at least 16 characters');
  const running = nsh.start(args);
  const { url, token } = JSON.parse(await running.printed('}\n')) as { url: string; token: string };
  const { port } = new URL(url);
  const ask = async (host: string, authorization = `Bearer ${token}`) => {
    const headers = { host, authorization };
    const [answer] = await once(request({ port, path: '/v1/devboxes', headers }).end(), 'response');
    answer.resume();
    return answer.statusCode;
  };
  expect(await ask(`192.0.2.1:${port}`)).toBe(200);
  expect(await ask(os.hostname())).toBe(200);
  expect(await ask('rebound.example')).toBe(403);
  expect(await ask(`192.0.2.1:${port}`, '')).toBe(401);
  running.child.kill('SIGINT');
  const { status, stderr } = await running.ended;
  expect(status).toBe(0);
  expect(stderr).toMatch(
    /^nsh: warning: other machines can reach http:\/\/0\.0\.0\.0:\d+\. [^\n]*unencrypted[^\n]*\n$/,
  );
});

test.each([
  ['nope', 64, '`--listen nope` is not HOST:PORT'],
  ['0.0.0.0:0', 64, '0.0.0.0 can be reached from other machines'],
  ['127.0.0.1:99999', 64, '`--listen 127.0.0.1:99999` is not HOST:PORT'],
])('--listen %s is refused', async (listen, status, message) => {
  await using nsh = await nshHome();
  const end = await nsh.run(['serve', '--listen', listen]);
  expect(end.status).toBe(status);
  expect(end.stderr).toContain(`nsh: ${message}`);
  expect(end.stderr.trimEnd()).not.toContain('\n');
});

test('a devbox without a key: 77 before anything is sent', async () => {
  await using nsh = await nshHome();
  expect(
    await nsh.run(['--devbox', 'x', '--base-url', 'http://127.0.0.1:1', '-c', 'echo ran']),
  ).toMatchObject({
    status: 77,
    stdout: '',
    stderr: 'nsh: the devbox x at http://127.0.0.1:1 (from --base-url) needs a key: set RUNLOOP_API_KEY.\n',
  });
});
