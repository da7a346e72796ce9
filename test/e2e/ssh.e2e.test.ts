import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeLauncher } from '../helpers/launcher.ts';
import { createPlace, type Place } from '../helpers/repl.ts';
import { openTerminal, type TerminalOptions } from '../helpers/terminal.ts';

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 12 },
];

const CTRL_D = '\x04';

interface Ssh extends Disposable {
  /** Why nobody can log in here. */
  readonly problem: string | undefined;
  /** Logs in to this machine and starts nsh there. */
  readonly login: (place: Place, size: TerminalOptions) => ReturnType<typeof openTerminal>;
}

/** A real sshd with keys of its own, one process for each connection, which it is started by: there is no port. */
function createSsh(): Ssh {
  const folder = mkdtempSync(path.join(os.tmpdir(), 's'));
  const at = (name: string) => path.join(folder, name);
  const sshd = ['/usr/sbin/sshd', '/usr/local/sbin/sshd'].find(
    (file) => spawnSync(file, ['-V']).status !== null,
  );
  const whole: Ssh = {
    problem: undefined,
    login(place, size) {
      const options = [
        `IdentityFile=${at('user')}`,
        'IdentitiesOnly=yes',
        'StrictHostKeyChecking=no',
        'UserKnownHostsFile=/dev/null',
        'LogLevel=ERROR',
        `ProxyCommand=${sshd} -i -f ${at('config')}`,
      ];
      const args = ['-F', 'none', '-tt', ...options.flatMap((option) => ['-o', option]), 'here'];
      return openTerminal('ssh', [...args, writeLauncher(place)], {
        ...size,
        cwd: place.cwd,
        env: place.env,
      });
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
  if (sshd === undefined) return { ...whole, problem: 'there is no sshd on this machine' };
  for (const key of ['host', 'user']) {
    if (spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(key)]).status !== 0)
      return { ...whole, problem: 'there is no ssh-keygen on this machine' };
  }
  copyFileSync(at('user.pub'), at('authorized'));
  const settings = {
    HostKey: at('host'),
    AuthorizedKeysFile: at('authorized'),
    PasswordAuthentication: 'no',
    KbdInteractiveAuthentication: 'no',
    PermitRootLogin: 'yes',
    StrictModes: 'no',
    LogLevel: 'QUIET',
  };
  writeFileSync(
    at('config'),
    Object.entries(settings)
      .map((setting) => `${setting.join(' ')}\n`)
      .join(''),
  );
  const check = spawnSync(sshd, ['-t', '-f', at('config')], { encoding: 'utf8' });
  return check.status === 0 ? whole : { ...whole, problem: `sshd cannot serve here: ${check.stderr.trim()}` };
}

describe.each(sizes)('at $columns x $rows', (size) => {
  test('over ssh: drawn, resized, hung up when the connection is lost, and taken up again', async ({
    skip,
  }) => {
    using ssh = createSsh();
    if (ssh.problem !== undefined) skip(ssh.problem);
    await using place = createPlace();
    execFileSync('mkfifo', [path.join(place.cwd, 'gate')]);
    const columns = size.columns * 2;
    {
      using nsh = ssh.login(place, size);
      await nsh.waitFor('❯');
      nsh.write('echo "語 é $((40 + 2))"; read -r word <gate; echo "gate said $word"\r');
      await nsh.waitFor(/^語 é 42$/m);
      await nsh.waitFor(/running.*語/);
      nsh.resize(columns, size.rows);
      // A row that is as long as the new width lets it be, and the cursor behind it.
      nsh.write('y'.repeat(columns - 3));
      await nsh.waitFor(new RegExp(`^❯ y{${columns - 3}}\n·`, 'm'));
      nsh.kill('SIGKILL');
      await nsh.exited;
    }
    using nsh = ssh.login(place, size);
    await nsh.waitFor(/running.*#1 ⇠ echo "語/);
    await nsh.waitFor(/^語 é 42$/m);
    writeFileSync(path.join(place.cwd, 'gate'), 'sesame\n');
    await nsh.waitFor(/^gate said sesame\n✓/m);
    expect(nsh.history().match(/^(語 é 42|gate said sesame)$/gm)).toHaveLength(2);
    nsh.write(CTRL_D);
    await nsh.waitFor('SAME');
    await nsh.exited;
    expect(nsh.history()).toContain('detached from main');
    expect(nsh.modes()).toMatchObject({
      bracketedPasteMode: false,
      sendFocusMode: false,
      alternateScreen: false,
    });
    expect(nsh.cursor().hidden).toBe(false);
  });
});
