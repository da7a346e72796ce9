import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createPlace } from '../helpers/repl.ts';

/** A repository as someone would clone it, with a check that takes its time until it is told to go on. */
function createRepository(at: string): string {
  const repository = path.join(at, 'origin');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd: repository,
    });
  execFileSync('git', ['init', '-q', repository]);
  writeFileSync(
    path.join(repository, 'check.sh'),
    'echo checking\nread -r word <gate\necho "gate said $word" >&2\nexit 3\n',
  );
  git('add', '.');
  git('commit', '-qm', 'first');
  return repository;
}

test('clone, cd, a long check with the next lines typed behind it: queued, then run, in order, none lost', async () => {
  await using place = createPlace();
  const repository = createRepository(place.cwd);
  using nsh = await place.open();

  nsh.write(`git clone -q ${repository} copy\r`);
  nsh.write('cd copy\rmkfifo gate\rbash check.sh\r');
  await nsh.waitFor('checking');
  nsh.write('echo "after: $?"\rexport STAGE=test; greet() { echo "hi $1"; }\rset -o pipefail\r');
  const waiting = await nsh.waitFor(/queued.*set -o pipefail/);
  expect(waiting).toMatch(/running.*bash check\.sh/);
  expect(waiting).toMatch(/queued.*echo "after: \$\?"/);

  nsh.write('echo typed while it runs');
  await nsh.waitFor('❯ echo typed while it runs');
  expect(place.run(['-c', `cd ${place.cwd}/copy; echo sesame > gate`, 'helper-shell'])).toBe('');
  await nsh.waitFor((screen) => screen.includes('after: 3') && !screen.includes('queued'));
  nsh.write('\rfalse | true; echo "pipefail: $?"; greet $STAGE; pwd\r');
  await nsh.waitFor('hi test');
  // The last output, its end, and nothing in the frame but the prompt: a row of the queue would count as output.
  await nsh.waitFor(/\/copy\n✓[^\n]*\n❯/);

  const all = nsh.history();
  const order = [
    'checking',
    'gate said sesame',
    'exit 3',
    'after: 3',
    'typed while it runs',
    'pipefail: 1',
    'hi test',
  ];
  const places = order.map((text) => all.lastIndexOf(text));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);

  nsh.write('\x04');
  const { exitCode } = await nsh.exited;
  expect(exitCode).toBe(0);

  using again = await place.open();
  again.write('greet again; echo $STAGE $PWD; false | true; echo "still $?"\r');
  await again.waitFor('hi again');
  await again.waitFor('still 1');
  expect(again.history()).toContain(`test ${place.cwd}/copy`);
});
