import { describe, expect, test } from 'vitest';
import { bashes, isAlive, label, startShell } from './shell-under-test.ts';

/** Says go when whatever waits for it does so. Cleans up on SIGINT and exits by itself, as `docker compose up` does. */
const CLEANS_UP = `sh -c 'trap "echo cleaned up; exit 3" INT; sleep 0.05; echo go; while :; do sleep 0.05; done'`;
/** Cleans up on SIGINT and then ends by it, as Python does. */
const ENDS_BY_IT = `sh -c 'trap "echo cleaned up; trap - INT; kill -INT \\$\\$" INT; sleep 0.05; echo go; while :; do sleep 0.05; done'`;

const linux = process.platform === 'linux';

/** What a terminal's Ctrl-C does with bash; without /proc nobody can tell who handles SIGINT. */
describe.runIf(linux).each(bashes.map((bash) => [label(bash), bash] as const))('%s', (_name, bash) => {
  test.each([
    ['one line', `${CLEANS_UP}; echo "then $?"`, 'go\ncleaned up\nthen 3\n', 0],
    ['several lines', `${CLEANS_UP}\necho "then $?"`, 'go\ncleaned up\nthen 3\n', 0],
    ['||', `${CLEANS_UP} || echo "else $?"`, 'go\ncleaned up\nelse 3\n', 0],
    ['a function', `f() { ${CLEANS_UP}; echo then; }; f`, 'go\ncleaned up\nthen\n', 0],
    [
      'a script',
      `bash -c '${CLEANS_UP.replaceAll("'", `'\\''`)}; echo then'; echo "and $?"`,
      'go\ncleaned up\nthen\nand 0\n',
      0,
    ],
    ['its own status', CLEANS_UP, 'go\ncleaned up\n', 3],
  ])(
    'a program that handles SIGINT and exits: the rest runs (%s)',
    async (_what, command, output, status) => {
      const shell = await startShell({ bash });
      const job = await shell.background();
      await shell.run('v=kept');
      const stopped = shell.launch(command);
      await stopped.seen('go\n');
      stopped.running.interrupt();
      expect(await stopped.outcome).toMatchObject({ kind: 'exited', exitStatus: status });
      expect(stopped.stdout).toBe(output);
      expect((await shell.run('echo $v')).stdout).toBe('kept\n');
      expect(await isAlive(job)).toBe(true);
    },
  );

  test.each([
    ['one line', `${ENDS_BY_IT}; echo then`],
    ['&&', `${ENDS_BY_IT} && echo then`],
    ['a loop', `while :; do ${ENDS_BY_IT}; done; echo then`],
    ['another line', `${ENDS_BY_IT}\necho then`],
  ])('a program that ends by SIGINT: the rest is dropped (%s)', async (what, command) => {
    // Before 4.0 bash drops the rest of loops and `&&` only, at a terminal too.
    const goesOn = bash.major < 4 && what.endsWith('line');
    const shell = await startShell({ bash });
    const stopped = shell.launch(command);
    await stopped.seen('go\n');
    stopped.running.interrupt();
    expect(await stopped.outcome).toMatchObject({ kind: 'exited', exitStatus: goesOn ? 0 : 130 });
    expect(stopped.stdout).toMatch(goesOn ? /^go\ncleaned up\n\n?then\n$/ : /^go\ncleaned up\n\n?$/);
  });

  test('what comes after it can be interrupted too', async () => {
    const shell = await startShell({ bash });
    const stopped = shell.launch(`${CLEANS_UP}; echo second; sleep 100; echo no`);
    await stopped.seen('go\n');
    stopped.running.interrupt();
    await stopped.seen('second\n');
    stopped.running.interrupt();
    expect(await stopped.outcome).toMatchObject({ kind: 'exited', exitStatus: 130 });
    expect(stopped.stdout).toMatch(/^go\ncleaned up\nsecond\n\n?$/);
  });

  test('each Ctrl-C reaches a program that counts them, once', async () => {
    const shell = await startShell({ bash });
    const stopped = shell.launch(
      `sh -c 'n=0; trap "n=\\$((n+1)); echo signal \\$n" INT; sleep 0.05; echo go; while [ $n -lt 2 ]; do sleep 0.05; done'; echo then`,
    );
    await stopped.seen('go\n');
    stopped.running.interrupt();
    await stopped.seen('signal 1\n');
    stopped.running.interrupt();
    expect(await stopped.outcome).toMatchObject({ kind: 'exited', exitStatus: 0 });
    expect(stopped.stdout).toBe('go\nsignal 1\nsignal 2\nthen\n');
  });

  test('a background job that handles SIGINT is not taken for the foreground', async () => {
    const shell = await startShell({ bash });
    const stopped = shell.launch(`sh -c 'trap "echo no" INT; echo go; sleep 1000' & wait; echo no`);
    await stopped.seen('go\n');
    stopped.running.interrupt();
    expect(await stopped.outcome).toMatchObject({ kind: 'exited', exitStatus: 130 });
  });

  test('one that hides in a function: the third Ctrl-C ends the command', async () => {
    const shell = await startShell({ bash });
    await shell.run(
      `hidden() { sh -c 'trap "echo signal" INT; echo go; while :; do sleep 0.05; done' & wait; }`,
    );
    const stopped = shell.launch('hidden; echo no');
    await stopped.seen('go\n');
    for (const times of [1, 2]) {
      stopped.running.interrupt();
      await stopped.seen('signal\n'.repeat(times));
    }
    stopped.running.interrupt();
    expect(await stopped.outcome).toMatchObject({ kind: 'exited', exitStatus: 130 });
    expect(stopped.stdout).not.toContain('no');
  });

  test('fg: Ctrl-C reaches the job when there is only one', async () => {
    const shell = await startShell({ bash });
    const job = await shell.background();
    const stopped = shell.launch('echo go; fg %1; echo no');
    await stopped.seen('sleep 1000');
    stopped.running.interrupt();
    expect(await stopped.outcome).toMatchObject({ kind: 'exited', exitStatus: 130 });
    expect(await isAlive(job)).toBe(false);
    expect(stopped.stdout).not.toContain('no');
  });
});
