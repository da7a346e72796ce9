import { existsSync, readFileSync, statSync, unlinkSync, watch, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bashes, label, startShell, temporaryFolder } from './shell-under-test.ts';

describe.each(bashes.map((bash) => [label(bash), bash] as const))('%s', (_name, bash) => {
  test('what a shell had is there in the one that restores it', async () => {
    const folder = temporaryFolder();
    const snapshotPath = join(folder, 'snap shot');
    const old = await startShell({ bash, snapshotPath });
    await old.run('shopt -s extglob nullglob');
    await mkdir(join(old.folder, "it's here"));
    await old.run(
      `a=1; export b=$'two\\nlines "x" $y'; declare -i n=4; readonly r=5; declare -rx rx=6; list=('one two' 3); unset_one=`,
    );
    await old.run(
      `f() { echo "f $1"; }; g() { cat <<'END'\nheredoc $x\nEND\n}; export -f f; alias ll='echo "alias"' do=no in=no; h() { [[ $1 == @(x|y) ]]; }`,
    );
    await old.run('complete -W "one two" zqc; BASH_COMPLETION_VERSINFO=(2 11)');
    await old.run('set -o pipefail; set -u; set -f; umask 027; trap "echo bye" EXIT; trap "echo usr" USR1');
    await old.run(
      `cd "it's here"; IFS=:; trap 'count=$((\${count:-0}+1)); echo "dbg"' DEBUG; trap 'echo err' ERR`,
    );
    await snapshotTaken(snapshotPath, 'echo err');
    expect(statSync(snapshotPath).mode & 0o777).toBe(0o600);
    await old.session.close();

    const shell = await startShell({ bash, restoreFrom: snapshotPath });
    expect(shell.session.cwd).toBe(join(old.folder, "it's here"));
    await shell.run('trap - DEBUG ERR');
    const { stdout, stderr } = await shell.run(
      `echo "$a|$b|$n|$r|$rx|\${list[0]}|$PWD|$IFS|\${count:+counted}"; n=2+3; echo $n; f 1; g; ll; umask; "$BASH" -c 'f 2; echo "$rx"'`,
    );
    expect(stderr).toBe('');
    expect(stdout).toBe(
      `1|two\nlines "x" $y|4|5|6|one two|${old.folder}/it's here|:|counted\n5\nf 1\nheredoc $x\nalias\n0027\nf 2\n6\n`,
    );
    expect((await shell.run('r=1')).stderr).toContain('readonly');
    expect(
      (
        await shell.run(
          'h x && shopt -q extglob nullglob; set -o | grep -c -e "pipefail.*on" -e "nounset.*on" -e "noglob.*on"',
        )
      ).stdout,
    ).toBe('3\n');
    expect((await shell.run('trap -p EXIT; trap -p USR1')).stdout).toMatch(/echo bye.*\n.*echo usr/);
    expect(
      (await shell.run('complete -p zqc; declare -p BASH_COMPLETION_VERSINFO | tr -dc 0-9')).stdout,
    ).toBe("complete -W 'one two' zqc\n02111");
    expect((await shell.run('echo "$BASH_VERSION"')).stdout).toBe(`${bash.version}\n`);
  });

  test.each(['exit 3', 'set -e; false', 'eval "exit"', 'exec true'])(
    'of a shell that `%s` ends right after another command it is the state before that',
    async (ending) => {
      const snapshotPath = join(temporaryFolder(), 'snapshot');
      const shell = await startShell({ bash, snapshotPath });
      await shell.run('first=1; cd /usr');
      await shell.run('second=2');
      expect((await shell.run(ending)).result.kind).toBe('shell_ended');
      const snapshot = readFileSync(snapshotPath, 'utf8');
      expect(snapshot).toMatch(/^declare -- second="2"\n/m);
      expect(snapshot).toMatch(/^\\builtin cd -- \/usr\n/m);
      expect(existsSync(`${snapshotPath}.part`)).toBe(false);
    },
  );

  test('it leaves $?, errexit and traps alone, and its own file is no secret shared', async () => {
    const snapshotPath = join(temporaryFolder(), 'snapshot');
    const shell = await startShell({ bash, snapshotPath });
    await shell.run('set -eC; trap "echo no" ERR EXIT; umask 0; (exit 0)');
    await snapshotTaken(snapshotPath, 'echo no');
    unlinkSync(snapshotPath);
    const last = await shell.run('echo again; ! true || (exit 3) || echo "$?"');
    await snapshotTaken(snapshotPath, 'echo no');
    expect(last.stdout).toBe('again\n3\n');
    expect(last.late).toBe('');
    expect(statSync(snapshotPath).mode & 0o777).toBe(0o600);
    expect((await shell.run('echo alive $?; trap - EXIT')).stdout).toBe('alive 0\n');
  });
});

test('commands one after the other take no snapshot; a pause does, and it is the newest state', async () => {
  const snapshotPath = join(temporaryFolder(), 'snapshot');
  const shell = await startShell({ snapshotPath });
  for (let round = 0; round < 100; round++) await shell.run(`round=${round}`);
  expect(existsSync(snapshotPath)).toBe(false);
  await snapshotTaken(snapshotPath, 'round="99"');
  expect(readFileSync(snapshotPath, 'utf8')).toContain('round="99"');
});

test('without a snapshot to restore the start says so; a damaged one gives what it holds', async () => {
  await expect(startShell({ restoreFrom: '/nosuch/snapshot' })).rejects.toThrow(
    "The shell's state cannot be restored from /nosuch/snapshot: ENOENT",
  );
  const path = join(temporaryFolder(), 'snapshot');
  writeFileSync(path, 'first=1\nif (\n');
  const shell = await startShell({ restoreFrom: path });
  expect((await shell.run('echo "$first"')).stdout).toBe('1\n');
});

/** Resolves when there is one that holds the text. */
async function snapshotTaken(path: string, text: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => {
    if (existsSync(path) && readFileSync(path, 'utf8').includes(text)) resolve();
  };
  const watcher = watch(join(path, '..'), look);
  look();
  await promise;
  watcher.close();
}
