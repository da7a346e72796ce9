import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readProcess } from '../../../src/devbox/engine/processes/process-table.ts';
import { bashes, label, startShell } from './shell-under-test.ts';

describe.each(bashes.map((bash) => [label(bash), bash] as const))('%s', (_name, bash) => {
  test('text reaches the command, then end of file', async () => {
    const shell = await startShell({ bash });
    const command = shell.launch('read -r first; echo "[$first]"; cat; echo end', 'attached');
    await command.running.writeStdin('one\ntwo\n');
    await command.seen('two\n');
    await command.running.writeStdin('drei ä\n');
    command.running.closeStdin();
    expect(await command.outcome).toMatchObject({ exitStatus: 0 });
    expect(command.stdout).toBe('[one]\ntwo\ndrei ä\nend\n');
    expect((await shell.run('cat; echo next')).stdout).toBe('next\n');
  });

  test('closing before bash has opened it, and never closing, are both fine', async () => {
    const shell = await startShell({ bash });
    const closed = shell.launch('cat; echo "$?"', 'attached');
    const written = closed.running.writeStdin('early');
    closed.running.closeStdin();
    await written;
    await closed.outcome;
    expect(closed.stdout).toBe('early0\n');
    const open = shell.launch('echo "$?"; (exit 5)', 'attached');
    expect(await open.outcome).toMatchObject({ exitStatus: 5 });
    expect(open.stdout).toBe('0\n');
  });
});

test.skipIf(process.platform !== 'linux')(
  'it is told that a command, or a program it started, waits for input, and that it does not',
  async () => {
    const shell = await startShell();
    const text =
      'mkfifo gate; echo go; read -r word <gate; read -r word; echo "$word"; (cat; read -r word <gate)';
    const command = shell.launch(text, 'attached');
    await command.seen('go\n');
    // It waits, but for something else.
    expect(command.running.waitsForInput()).toBe(false);
    writeFileSync(join(shell.folder, 'gate'), 'word\n');
    await expect.poll(() => command.running.waitsForInput()).toBe(true);
    await command.running.writeStdin('to bash\nto cat\n');
    await command.seen('to bash\nto cat\n');
    await expect.poll(() => command.running.waitsForInput()).toBe(true);
    command.running.closeStdin();
    await expect.poll(() => command.running.waitsForInput()).toBe(false);
    writeFileSync(join(shell.folder, 'gate'), 'word\n');
    await command.outcome;
    expect(command.running.waitsForInput()).toBe(false);
  },
);

const NODE = JSON.stringify(process.execPath);
const PERL = '/usr/bin/perl';
const onData = "process.stdin.once('data', (text) => { process.stdout.write(text); process.exit(); });";

test.runIf(process.platform === 'linux').each([
  ['epoll, as Node', `${NODE} -e "${onData}"`, true],
  ['select', `${PERL} -e 'vec($in, 0, 1) = 1; select($in, undef, undef, undef); print <STDIN>'`, true],
  [
    'poll',
    `${PERL} -MIO::Poll=POLLIN -e '$p = IO::Poll->new; $p->mask(STDIN, POLLIN); $p->poll; print <STDIN>'`,
    true,
  ],
  ['epoll, with a clock', `${NODE} -e "${onData} setInterval(() => {}, 1e6)"`, false],
  ['epoll, with a connection', `${NODE} -e "${onData} require('net').createServer().listen(0)"`, false],
  [
    'select, for a time',
    `${PERL} -e 'vec($in, 0, 1) = 1; select($in, undef, undef, 1e6); print <STDIN>'`,
    false,
  ],
])('a program that waits in %s', async (_, program, isKnown) => {
  if (program.startsWith(PERL) && !existsSync(PERL)) return;
  const shell = await startShell();
  const command = shell.launch(`echo $$; ${program}`, 'attached');
  await command.seen('\n');
  if (isKnown) await expect.poll(() => command.running.waitsForInput()).toBe(true);
  else {
    // It is asleep, and still nobody says so.
    await expect.poll(() => sleepers(Number(command.stdout))).toEqual(['S']);
    expect(command.running.waitsForInput()).toBe(false);
  }
  await command.running.writeStdin('done\n');
  command.running.closeStdin();
  await command.outcome;
  expect(command.stdout).toMatch(/\ndone\n$/);
});

/** The states of the programs that bash has started, once they are themselves. */
function sleepers(bashPid: number): string[] {
  const children = readFileSync(`/proc/${bashPid}/task/${bashPid}/children`, 'latin1');
  return children
    .split(' ')
    .filter(Boolean)
    .flatMap((pid) => {
      const row = readProcess(Number(pid));
      return row?.hasExecuted === true ? [row.state] : [];
    });
}

test('what is written slows down to the pace of the reader, and arrives whole', async () => {
  const shell = await startShell();
  const text = 'x'.repeat(1_000_000);
  const command = shell.launch('mkfifo gate; echo go; read -r word <gate; wc -c', 'attached');
  let taken = false;
  const written = command.running.writeStdin(text).then(() => {
    taken = true;
  });
  await command.seen('go\n');
  expect(taken).toBe(false);
  writeFileSync(join(shell.folder, 'gate'), 'word\n');
  await written;
  command.running.closeStdin();
  await command.outcome;
  expect(command.stdout.replaceAll(' ', '')).toBe('go\n1000000\n');
});

test('a command that reads no more, has ended, or has none attached gives a clear error', async () => {
  const shell = await startShell();
  const deaf = shell.launch('exec <&-; echo closed; read -r x </dev/zero', 'attached');
  await deaf.seen('closed\n');
  await expect(deaf.running.writeStdin('text')).rejects.toThrow('it reads no more');
  deaf.running.interrupt();
  await deaf.outcome;
  await expect(deaf.running.writeStdin('text')).rejects.toThrow(/closed/);

  const without = shell.launch('true');
  await expect(without.running.writeStdin('text')).rejects.toThrow('launch it with stdin attached');
  without.running.closeStdin();
  await without.outcome;

  const ended = shell.launch('true', 'attached');
  ended.running.closeStdin();
  await expect(ended.running.writeStdin('text')).rejects.toThrow('end of file was sent');
  await ended.outcome;
});

test('a write that waits ends with the command', async () => {
  const shell = await startShell();
  const command = shell.launch('echo go; sleep 100', 'attached');
  const written = command.running.writeStdin('x'.repeat(500_000));
  const failed = expect(written).rejects.toThrow('has ended');
  await command.seen('go\n');
  command.running.interrupt();
  await command.outcome;
  await failed;
});

test('a background reader gets end of file when the command has ended', async () => {
  const shell = await startShell();
  const command = shell.launch('{ cat; echo eof; } & sleep 0.05', 'attached');
  await command.running.writeStdin('to the job\n');
  await command.outcome;
  await command.seen('eof\n', command.stdout.includes('eof') ? 'stdout' : 'late');
  expect(command.stdout + command.late).toBe('to the job\neof\n');
});
