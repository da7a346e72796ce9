import { expect, test } from 'vitest';
import { nshHome } from '../helpers/nsh.ts';
import { openTerminal } from '../helpers/terminal.ts';

test('a new shell has the environment of the nsh that makes it, one that is there keeps its own', async () => {
  await using nsh = await nshHome();
  const show = 'echo "$MARK [$RUNLOOP_API_KEY]"';
  const as = (MARK: string) => ({ env: { MARK, RUNLOOP_API_KEY: 'secret-key' } });
  expect((await nsh.run(['-c', show, 'first'], as('one'))).stdout).toBe('one []\n');
  expect((await nsh.run(['-c', show, 'second'], as('two'))).stdout).toBe('two []\n');
  expect((await nsh.run(['-c', show, 'first'], as('two'))).stdout).toBe('one []\n');
  expect((await nsh.run(['third'], { ...as('three'), input: `${show}\n` })).stdout).toBe('three []\n');
});

test('the REPL and :new make shells with the environment of nsh, and without what it sets for itself', async () => {
  await using nsh = await nshHome();
  await nsh.run(['-c', ':', 'elsewhere'], { env: { MARK: 'server' } });
  using terminal = openTerminal(process.execPath, [nsh.program, 'here'], {
    cwd: nsh.home,
    env: { ...nsh.env, MARK: 'repl', NO_COLOR: '1' },
  });
  await terminal.waitFor('created here');
  terminal.write('echo "in $NSH_SHELL: $MARK [$FORCE_COLOR]"\r');
  await terminal.waitFor('in here: repl []');
  terminal.write(':switch elswhere\r');
  await terminal.waitFor('There is no shell elswhere. Did you mean elsewhere?');
  terminal.write(':new there\r');
  await terminal.waitFor('created there');
  terminal.write('echo "in $NSH_SHELL: $MARK [$FORCE_COLOR]"\r');
  await terminal.waitFor('in there: repl []');
});

test('a command for the shell that nsh runs inside of is refused, 71, and not waited for', async () => {
  await using nsh = await nshHome();
  const inside = (args: string) => `"${process.execPath}" "${nsh.program}" ${args}; echo "status $?"`;
  const own = await nsh.run(['-c', inside('-c "echo ran" outer'), 'outer']);
  expect(own.stdout).toBe('status 71\n');
  expect(own.stderr).toMatch(/^nsh: this nsh runs inside of the shell "outer": [^\n]+\n$/);
  const script = await nsh.run(['-c', `echo 'echo ran' | ${inside('outer')}`, 'outer']);
  expect(script.stdout).toBe('status 71\n');

  expect((await nsh.run(['-c', inside('-c "echo ran" inner'), 'outer'])).stdout).toBe('ran\nstatus 0\n');
  // Closed and made again, it is another shell, whatever its name.
  await nsh.run(['close', 'inner']);
  expect((await nsh.run(['-c', inside('-c "echo ran" inner'), 'outer'])).stdout).toBe('ran\nstatus 0\n');
});

test('at a terminal, -c says what it waits for', async () => {
  await using nsh = await nshHome();
  const running = nsh.start(['-c', 'echo began; sleep 1000', 'main']);
  await running.printed('began');
  using terminal = openTerminal(process.execPath, [nsh.program, '-c', 'echo ran', 'main'], {
    columns: 100,
    cwd: nsh.home,
    env: { ...nsh.env },
  });
  await terminal.waitFor('nsh: waiting in the shell "main" for `echo began; sleep 1000`; Ctrl-C gives up.');
  terminal.write('\x03');
  expect((await terminal.exited).exitCode).toBe(130);
});
