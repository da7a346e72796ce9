import { expect, test } from 'vitest';
import { nshHome } from '../helpers/nsh.ts';

/** A file may not grow beyond so many KiB: to a server that is what a full disk is, and it needs no privilege. */
const fileLimit = (kib: number) => `trap '' XFSZ; ulimit -f ${kib}`;

test.skipIf(process.platform !== 'linux').each([['-c', 'echo ran'], ['serve']])(
  'a state directory where no folder can be made: one paragraph, 72, at once: %s',
  async (...args) => {
    await using nsh = await nshHome();
    for (const NSH_STATE_DIR of ['/proc/nsh', '/proc/self/fd']) {
      // Without a cache of its own, as people run it.
      const end = await nsh.run(args, { env: { NSH_STATE_DIR, NODE_COMPILE_CACHE: '' } });
      expect(end).toMatchObject({ status: 72, stdout: '' });
      expect(end.stderr).toMatch(
        /^nsh: [^\n]*\/proc\/(nsh|self\/fd)\b[^\n]*ENOENT[^\n]* NSH_STATE_DIR [^\n]+\n$/,
      );
    }
  },
);

test('no room for the server: what, where, what to do, 72; with room it starts', async () => {
  await using nsh = await nshHome();
  for (const args of [['-c', 'echo ran'], ['serve']]) {
    const end = await nsh.run(args, { limits: fileLimit(0) });
    expect(end).toMatchObject({ status: 72, stdout: '' });
    expect(end.stderr).toMatch(
      /^nsh: The directory \S+\/state\S* cannot be used: EFBIG[^\n]+ raise its `ulimit -f`, then start again\.[^\n]+\n$/,
    );
  }
  expect(await nsh.run(['-c', 'echo ran'])).toMatchObject({ status: 0, stdout: 'ran\n' });
});

test('no room for a shell: 76 at once, with what to do', async () => {
  await using nsh = await nshHome();
  const end = await nsh.run(['-c', 'echo ran'], { limits: fileLimit(255) });
  expect(end).toMatchObject({ status: 76, stdout: '' });
  expect(end.stderr).toMatch(
    /^nsh: Bash could not be started in [^\n]+: EFBIG[^\n]+ raise its `ulimit -f`, then try again\.\n$/,
  );
});

test('no room for a command: it did not run, 73, and the script ends there', async () => {
  await using nsh = await nshHome();
  const script = `echo one\n: ${'x'.repeat(400_000)}\necho three\n`;
  const end = await nsh.run(['s1'], { limits: fileLimit(300), input: script });
  expect(end).toMatchObject({ status: 73, stdout: 'one\n' });
  expect(end.stderr).toMatch(
    /^nsh: line 2: the command did not run: bash could not be given it [^\n]+ raise its `ulimit -f`, then send the command again\.\n$/,
  );
  expect(await nsh.run(['-c', 'echo goes on', 's1'])).toMatchObject({ status: 0, stdout: 'goes on\n' });
});
