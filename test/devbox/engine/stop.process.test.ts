import { describe, expect, test } from 'vitest';
import { bashes, isAlive, label, startShell } from './shell-under-test.ts';

const STATE = 'cd /; v=kept; f() { echo "$v $PWD"; }; set -o pipefail';

describe.each(bashes.map((bash) => [label(bash), bash] as const))('%s', (_name, bash) => {
  test.each([
    ['a child', 'echo go; sleep 100; echo no'],
    ['a loop of builtins', 'echo go; while :; do :; done'],
    ['a loop of children', 'echo go; while :; do /bin/true; done'],
    ['a pipeline', 'echo go; sleep 100 | cat; echo no'],
    ['a subshell', 'echo go; (sleep 100; echo no)'],
    ['a command substitution', 'echo go; x=$(sleep 100); echo no'],
    ['a function in a list', 'g() { sleep 100; echo no; }; echo go; g || echo no'],
    ['wait', 'sleep 0.5 & echo go; wait; echo no'],
  ])('interrupt ends %s; state and background job stay', async (_what, command) => {
    const shell = await startShell({ bash });
    await shell.run(STATE);
    const job = await shell.background();
    const started = performance.now();
    const stuck = shell.launch(command);
    await stuck.seen('go\n');
    stuck.running.interrupt();
    expect(await stuck.outcome).toMatchObject({ kind: 'exited', exitStatus: 130, cwd: '/' });
    // Old versions write a line break of their own.
    expect(stuck.stdout).toMatch(/^go\n\n?$/);
    // Far below the 100 s, far above the 30 ms, for a machine under load.
    expect(performance.now() - started).toBeLessThan(5000);
    expect((await shell.run('f; set -o | grep pipefail')).stdout).toMatch(/^kept \/\npipefail\s+on\n$/);
    expect(await isAlive(job)).toBe(true);
  });

  test.each([
    ['a child', 'echo go; sleep 100; echo no'],
    ['a pipeline', 'echo go; sleep 100 | cat; echo no'],
    [
      'a child that ignores SIGINT',
      'echo go; sh -c "trap : INT TERM HUP; while :; do sleep 100; done"; echo no',
    ],
    ['a loop of builtins', 'echo go; while :; do :; done'],
  ])('kill ends %s; state and background job stay', async (_what, command) => {
    const shell = await startShell({ bash });
    await shell.run(STATE);
    const job = await shell.background();
    const stuck = shell.launch(command);
    await stuck.seen('go\n');
    stuck.running.kill();
    expect(await stuck.outcome).toMatchObject({ kind: 'exited', exitStatus: 137 });
    expect(stuck.stdout).toBe('go\n');
    expect((await shell.run('echo $?; f')).stdout).toBe('137\nkept /\n');
    expect(await isAlive(job)).toBe(true);
  });

  test('what ignores SIGINT goes on, its background job and those of earlier live, and kill ends it', async () => {
    const shell = await startShell({ bash });
    const job = await shell.background();
    const stubborn = shell.launch(
      'trap "" INT; echo go; while :; do read -t 0.05 x </dev/zero; echo tick; done',
    );
    await stubborn.seen('go\n');
    stubborn.running.interrupt();
    stubborn.running.interrupt();
    // Enough ticks for every signal of the two interrupts to have been sent.
    await stubborn.seen('tick\n'.repeat(10));
    stubborn.running.kill();
    // A loop of builtins under `trap '' INT` leaves only the last resort.
    expect(await stubborn.outcome).toMatchObject({ kind: 'shell_ended', exitStatus: 137 });
    expect((await shell.session.ended).message).toContain('so the shell was ended');
    expect(await isAlive(job)).toBe(true);
  });

  test("the user's own INT trap runs once, and what it starts is left in peace", async () => {
    const shell = await startShell({ bash });
    await shell.run('echo go >go; trap "echo trapped; sleep 0.3; echo cleaned up" INT');
    // The child itself says go: a trap that ran before it was there would rightly let it start, and take its time. Not a
    // shell: one that handles SIGINT is left to itself.
    const stuck = shell.launch('tail -n +1 -f "$PWD/go"; echo after');
    await stuck.seen('go\n');
    stuck.running.interrupt();
    await stuck.outcome;
    // bash may write a line break after a child that SIGINT ended; 3.2 also drops the rest.
    expect(stuck.stdout).toMatch(/^go\n\n?trapped\ncleaned up\n(after\n)?$/);
  });

  test('a program that handles SIGINT gets it once', async () => {
    const shell = await startShell({ bash });
    const graceful = shell.launch(`sh -c 'trap "echo signal" INT; echo go; n=0
      while [ $n -lt 5 ]; do sleep 0.1; n=$((n+1)); done; echo done'`);
    await graceful.seen('go\n');
    graceful.running.interrupt();
    await graceful.outcome;
    expect(graceful.stdout).toBe('go\nsignal\ndone\n');
  });
});

test('an interrupt before the command has begun is held until it has', async () => {
  const shell = await startShell();
  const early = shell.launch('echo go; sleep 100');
  early.running.interrupt();
  expect(await early.outcome).toMatchObject({ kind: 'exited', exitStatus: 130 });
  expect((await shell.run('echo fine')).stdout).toBe('fine\n');
});

test('stopping a command that is over does nothing', async () => {
  const shell = await startShell();
  const done = await shell.run('true');
  done.running.interrupt();
  done.running.kill();
  expect(await shell.run('echo fine')).toMatchObject({ stdout: 'fine\n', status: 0 });
});
