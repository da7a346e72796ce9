import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ServerView } from '../../src/api/extension/server.ts';
import { socketPath } from '../../src/devbox/server/socket-path.ts';
import { DevboxClient } from '../../src/sdk/client.ts';
import { type NshHome, nshHome } from '../helpers/nsh.ts';
import { otherProgram } from '../helpers/other-program.ts';
import { openTerminal, type TerminalSession } from '../helpers/terminal.ts';

const OTHER_BUILD = '0123456789ab';

async function server(nsh: NshHome): Promise<ServerView | undefined> {
  const client = new DevboxClient({ socketPath: socketPath(nsh.stateDir, nsh.env) });
  try {
    return await client.server();
  } finally {
    await client.close();
  }
}

function open(nsh: NshHome, name: string, program = nsh.program): TerminalSession {
  const size = { columns: 80, rows: 24 };
  return openTerminal(process.execPath, [program, name], { ...size, cwd: nsh.home, env: { ...nsh.env } });
}

/** A shell with a state, and one with a command that goes on when somebody writes into the FIFO `gate`. */
async function shellsOf(nsh: NshHome, program: string) {
  execFileSync('mkfifo', [path.join(nsh.home, 'gate')]);
  const pid = (await nsh.run(['-c', 'cd /usr; kept=yes; f() { echo "f $1"; }; echo $$', 's1'], { program }))
    .stdout;
  const waiting = nsh.start(['-c', 'echo began; read -r word <gate; echo "gate said $word"', 's2'], {
    program,
  });
  await waiting.printed('began');
  return { pid, waiting };
}

test('a REPL of another build asks, restarts at one key, and shells and what runs in them go on', async () => {
  await using nsh = await nshHome();
  await using other = await otherProgram();
  const { pid } = await shellsOf(nsh, other.program);
  const before = await server(nsh);
  expect(before?.build).toBe(OTHER_BUILD);

  using terminal = open(nsh, 's1');
  // Typed before the question: it is no answer, and it is not lost.
  terminal.write('echo "early $kept"\r');
  await terminal.waitFor(/the local devbox is build 0123456789ab of nsh \S+, this is [0-9a-f]{12}\.$/m);
  await terminal.waitFor('g or Enter: go on');
  terminal.write('x');
  terminal.write('r');
  await terminal.waitFor('Restarted the local devbox. Its shells live on (s1, s2); 1 command goes on.');
  await terminal.waitFor('early yes');
  terminal.write('f $PWD; echo "pid $$"\r');
  await terminal.waitFor('f /usr');
  await terminal.waitFor(`pid ${pid}`);

  const after = await server(nsh);
  expect(after?.pid).not.toBe(before?.pid);
  expect(after?.build).toMatch(/^[0-9a-f]{12}$/);
  expect(after?.build).not.toBe(OTHER_BUILD);

  // The running command is followed from its first byte, and ends in the server that did not begin it.
  using second = open(nsh, 's2');
  await second.waitFor('began');
  await writeFile(path.join(nsh.home, 'gate'), 'sesame\n');
  await second.waitFor('gate said sesame');
  await second.waitFor('✓');
});

test('Enter goes on with another build of the same version, and Ctrl-C leaves', async () => {
  await using nsh = await nshHome();
  await using other = await otherProgram();
  await nsh.run(['-c', 'kept=yes', 's1'], { program: other.program });
  {
    using terminal = open(nsh, 's1');
    await terminal.waitFor('g or Enter: go on');
    terminal.write('\x03');
    expect((await terminal.exited).exitCode).toBe(130);
    expect(terminal.screen()).toContain('no shell was attached to');
  }
  using terminal = open(nsh, 's1');
  await terminal.waitFor('g or Enter: go on');
  terminal.write('\r');
  await terminal.waitFor('attached to s1');
  terminal.write('echo "kept $kept"\r');
  await terminal.waitFor('kept yes');
  expect((await server(nsh))?.build).toBe(OTHER_BUILD);
});

test('an older version that promises nothing to this one is restarted by Enter', async () => {
  await using nsh = await nshHome();
  await using other = await otherProgram('0.0.9');
  await nsh.run(['-c', 'kept=yes', 's1'], { program: other.program });
  using terminal = open(nsh, 's1');
  await terminal.waitFor('the local devbox runs an older nsh: 0.0.9, this is');
  await terminal.waitFor('r or Enter: restart');
  terminal.write('\r');
  await terminal.waitFor('attached to s1');
  terminal.write('echo "kept $kept"\r');
  await terminal.waitFor('kept yes');
  expect((await server(nsh))?.version).not.toBe('0.0.9');
});

test('nsh restart: state, running and waiting commands go on; programs are asked nothing', async () => {
  await using nsh = await nshHome();
  await using other = await otherProgram();
  expect(await nsh.run(['restart'])).toMatchObject({
    status: 0,
    stdout: 'No local devbox is running. The next nsh starts one.\n',
  });
  const { pid, waiting } = await shellsOf(nsh, other.program);
  expect(await nsh.run(['-c', 'echo ran', 's1'])).toMatchObject({ stdout: 'ran\n', stderr: '' });
  expect(await nsh.run(['restart'])).toMatchObject({
    status: 0,
    stderr: '',
    stdout: 'Restarted the local devbox. Its shells live on (s1, s2); 1 command goes on.\n',
  });
  expect((await server(nsh))?.build).not.toBe(OTHER_BUILD);
  const inShell = await nsh.run(['-c', 'f $kept; echo $$; pwd', 's1']);
  expect(inShell).toMatchObject({ stdout: `f yes\n${pid}/usr\n`, stderr: '' });
  // The client that waits for it stays with it over the restart.
  await writeFile(path.join(nsh.home, 'gate'), 'sesame\n');
  expect(await waiting.ended).toMatchObject({ status: 0, stdout: 'began\ngate said sesame\n', stderr: '' });
});

test(':restart-server in the REPL keeps the running command and what is typed behind it', async () => {
  await using nsh = await nshHome();
  execFileSync('mkfifo', [path.join(nsh.home, 'gate')]);
  using terminal = open(nsh, 's1');
  await terminal.waitFor('created s1');
  terminal.write('kept=yes; echo began; read -r word <gate; echo "gate said $word"\r');
  await terminal.waitFor(/^began/m);
  const before = await server(nsh);
  terminal.write('echo "then $kept"\r');
  await terminal.waitFor('queued');
  terminal.write(':restart-server\r');
  await terminal.waitFor('Its shell lives on (s1); 2 commands go on.');
  expect((await server(nsh))?.pid).not.toBe(before?.pid);
  await terminal.waitFor(/s1 · local · \S+ · connected/);
  await writeFile(path.join(nsh.home, 'gate'), 'sesame\n');
  await terminal.waitFor('gate said sesame');
  await terminal.waitFor('then yes');
});
