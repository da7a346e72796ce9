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

test('people get text that can be pasted', async () => {
  await using nsh = await nshHome();
  const running = nsh.start(['serve'], { env: { NSH_TOKEN: 'chosen' } });
  await running.printed('Attach with');
  running.child.kill('SIGINT');
  expect((await running.ended).stdout).toMatch(
    /^Serving at (http:\/\/127\.0\.0\.1:\d+)\nToken: chosen\nAttach with: RUNLOOP_API_KEY=chosen nsh --devbox local --base-url \1\n$/,
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
