import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type NshHome, nshHome } from '../helpers/nsh.ts';
import { sendSignal } from '../helpers/send-signal.ts';

let nsh: NshHome;
beforeAll(async () => {
  nsh = await nshHome();
});
afterAll(() => nsh[Symbol.asyncDispose]());

describe('-c', () => {
  test('gives the exit status, stdout alone on stdout and stderr alone on stderr', async () => {
    const { status, stdout, stderr } = await nsh.run(['-c', 'echo out; echo err >&2; (exit 42)']);
    expect({ status, stdout, stderr }).toEqual({ status: 42, stdout: 'out\n', stderr: 'err\n' });
  });

  test('`$?`, variables and the folder stay for the next command of the same shell, and of no other', async () => {
    await nsh.run(['-c', 'cd /tmp; export A=1; false', 'kept']);
    expect((await nsh.run(['-c', 'echo $? $A $PWD', 'kept'])).stdout).toBe('1 1 /tmp\n');
    expect((await nsh.run(['-c', 'echo "[$A]"', 'other'])).stdout).toBe('[]\n');
  });

  test('a new shell starts where nsh was started, an old one stays where it is', async () => {
    const here = await realpath(import.meta.dirname);
    expect((await nsh.run(['-c', 'pwd', 'where'], { cwd: here })).stdout).toBe(`${here}\n`);
    expect((await nsh.run(['-c', 'pwd', 'where'], { cwd: '/' })).stdout).toBe(`${here}\n`);
  });

  test('--new makes a shell that nobody had', async () => {
    await nsh.run(['-c', 'export MINE=1']);
    expect((await nsh.run(['--new', '-c', 'echo "[$MINE]"'])).stdout).toBe('[]\n');
  });

  test('without input a command reads its end at once', async () => {
    expect(await nsh.run(['-c', 'cat; echo done'])).toMatchObject({
      status: 0,
      stdout: 'done\n',
      stderr: '',
    });
  });

  test('3 MB of random bytes come back from a file, and through stdin and `cat`', async () => {
    const bytes = randomBytes(3_000_000);
    const file = path.join(nsh.home, 'random');
    await writeFile(file, bytes);
    const fromFile = await nsh.run(['-c', `cat ${file}; cat ${file} >&2`]);
    expect(fromFile.status).toBe(0);
    expect(fromFile.stdoutBytes.equals(bytes)).toBe(true);
    const through = await nsh.run(['-c', 'cat'], { input: bytes });
    expect(through.stderr).toBe('');
    expect(through.stdoutBytes.equals(bytes)).toBe(true);
  });

  test('input that a command does not read is dropped', async () => {
    const input = randomBytes(3_000_000);
    expect(await nsh.run(['-c', 'head -c 1 >/dev/null; echo ok'], { input })).toMatchObject({
      status: 0,
      stdout: 'ok\n',
      stderr: '',
    });
  });

  test('much input waits with a command that waits', async () => {
    const input = randomBytes(3_000_000);
    const fifo = path.join(nsh.home, 'hold');
    await nsh.run(['-c', `mkfifo ${fifo}`]);
    const first = nsh.start(['-c', `echo go; cat ${fifo}`, 'busy']);
    await first.printed('go');
    const second = nsh.run(['-c', 'cat', 'busy'], { input });
    await queueLength('busy', 2);
    await nsh.run(['-c', `echo >${fifo}`]);
    const { status, stderr, stdoutBytes } = await second;
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdoutBytes.equals(input)).toBe(true);
    await first.ended;
  });

  test('input reaches the command while it runs', async () => {
    const running = nsh.start(['-c', 'read a; echo "got $a"; read b; echo "and $b"', 'talk']);
    running.child.stdin.write('one\n');
    await running.printed('got one');
    running.child.stdin.end('two\n');
    expect(await running.ended).toMatchObject({ status: 0, stdout: 'got one\nand two\n' });
  });

  test('an empty command is refused with 65', async () => {
    const { status, stdout, stderr } = await nsh.run(['-c', '']);
    expect({ status, stdout }).toEqual({ status: 65, stdout: '' });
    expect(stderr).toMatch(/^nsh: [^\n]*empty[^\n]*\n$/);
  });

  test('a shell name with a control character is refused with 65', async () => {
    const { status, stdout, stderr } = await nsh.run(['-c', 'echo ran', 'a\u0007b']);
    expect({ status, stdout }).toEqual({ status: 65, stdout: '' });
    expect(stderr).toMatch(/^nsh: [^\n\u0007]*shell_name[^\n\u0007]*\n$/);
  });
});

describe('what ends a command early', () => {
  test('Ctrl-C interrupts it; a job of before lives on', async () => {
    await nsh.run(['-c', 'sleep 1000 & job=$!', 'int']);
    const running = nsh.start(['-c', 'echo go; sleep 1000', 'int']);
    await running.printed('go');
    running.child.kill('SIGINT');
    expect((await running.ended).status).toBe(130);
    expect(await nsh.run(['-c', 'kill -0 $job && echo alive; kill $job', 'int'])).toMatchObject({
      stdout: 'alive\n',
    });
  });

  test('Ctrl-C that a command ignores: the second says what helps, the third leaves it running', async () => {
    const running = nsh.start(['-c', "trap '' INT; echo go; sleep 1000", 'deaf']);
    await running.printed('go');
    running.child.kill('SIGINT');
    running.child.kill('SIGINT');
    // Signals of one kind that come at once are one: each waits for a trace of the one before.
    const again = setInterval(() => running.child.kill('SIGINT'), 300);
    try {
      const { status, stderr } = await running.ended;
      expect(status).toBe(130);
      expect(stderr).toMatch(
        /^nsh: Ctrl-\\ kills the command; Ctrl-C once more leaves it running\.\nnsh: left; the command goes on in the shell "deaf" \(\S+\)\.\n$/,
      );
    } finally {
      clearInterval(again);
    }
    const [shell] = JSON.parse((await nsh.run(['ls', '--json'])).stdout).filter(
      ({ shell_name }: { shell_name: string }) => shell_name === 'deaf',
    );
    expect(shell).toMatchObject({ state: 'running' });
    await nsh.run(['close', '--force', 'deaf']);
  });

  test('Ctrl-\\ kills it; the shell and its state stay', async () => {
    await nsh.run(['-c', 'STATE=here', 'quit']);
    const running = nsh.start(['-c', "(trap '' INT; echo go; exec sleep 1000)", 'quit']);
    await running.printed('go');
    running.child.kill('SIGQUIT');
    expect((await running.ended).status).toBe(137);
    expect((await nsh.run(['-c', 'echo $STATE', 'quit'])).stdout).toBe('here\n');
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends nsh alone', async (signal, status) => {
    const fifo = path.join(nsh.home, `fifo-${signal}`);
    await nsh.run(['-c', `mkfifo ${fifo}`]);
    const running = nsh.start(['-c', `echo go; cat ${fifo}; DONE=yes`, signal]);
    await running.printed('go');
    running.child.kill(signal);
    const end = await running.ended;
    expect(end.status).toBe(status);
    expect(end.stderr).toMatch(/^nsh: left; the command goes on in the shell "SIG\w+" \(\S+\)\.\n$/);
    await nsh.run(['-c', `echo >${fifo}`]);
    expect((await nsh.run(['-c', 'echo $DONE', signal])).stdout).toBe('yes\n');
  });

  test('when the reader goes away, it ends quietly and nsh with 141', async () => {
    const running = nsh.start(['-c', 'yes', 'pipe']);
    await running.printed('y\ny\n');
    running.child.stdout.destroy();
    expect(await running.ended).toMatchObject({ status: 141, stderr: '' });
    expect((await nsh.run(['-c', 'echo idle', 'pipe'])).stdout).toBe('idle\n');
  });

  test('a command whose shell is closed while it waits says so, with 73', async () => {
    const first = nsh.start(['-c', 'echo go; sleep 1000', 'closing']);
    await first.printed('go');
    const second = nsh.start(['-c', 'echo never', 'closing']);
    await queueLength('closing', 2);
    expect((await nsh.run(['close', '--force', 'closing'])).status).toBe(0);
    const end = await second.ended;
    expect(end).toMatchObject({ status: 73, stdout: '' });
    expect(end.stderr).toMatch(/^nsh: the command did not run: [^\n]+\n$/);
    expect((await first.ended).status).toBeGreaterThan(0);
  });

  test('Ctrl-C takes a command that waits out of the queue', async () => {
    const first = nsh.start(['-c', 'echo go; sleep 1000', 'waiting']);
    await first.printed('go');
    const second = nsh.start(['-c', 'echo never', 'waiting']);
    await queueLength('waiting', 2);
    second.child.kill('SIGINT');
    expect(await second.ended).toMatchObject({ status: 130, stdout: '' });
    await queueLength('waiting', 1);
    await nsh.run(['close', '--force', 'waiting']);
    await first.ended;
  });

  test('`exit` ends the shell with its status; the next command starts a fresh one', async () => {
    await nsh.run(['-c', 'V=1', 'ending']);
    expect(await nsh.run(['-c', 'exit 3', 'ending'])).toMatchObject({ status: 3, stderr: '' });
    expect((await nsh.run(['-c', 'echo "[$V]"', 'ending'])).stdout).toBe('[]\n');
  });
});

test('a devbox that dies under a command is brought back, and the command goes on to its own end', async () => {
  await using own = await nshHome();
  execFileSync('mkfifo', [path.join(own.home, 'gate')]);
  const running = own.start(['-c', 'echo $PPID; read -r word <gate; echo "gate said $word"; (exit 3)']);
  const pid = (await running.printed('\n')).trim();
  sendSignal(pid, 'SIGKILL');
  await writeFile(path.join(own.home, 'gate'), 'sesame\n');
  expect(await running.ended).toMatchObject({
    status: 3,
    stdout: `${pid}\ngate said sesame\n`,
    stderr: '',
  });
});

test('a devbox that dies under a command with its shells: its end is unknown, 74', async () => {
  await using own = await nshHome();
  execFileSync('mkfifo', [path.join(own.home, 'gate')]);
  const running = own.start(['-c', 'echo $PPID; read -r word <gate']);
  const server = (await running.printed('\n')).trim();
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', server], { encoding: 'utf8' });
  await rm(path.join(own.stateDir, 'sessions'), { recursive: true });
  sendSignal(server, 'SIGKILL');
  const { status, stderr } = await running.ended;
  expect(status).toBe(74);
  expect(stderr).toMatch(/^nsh: the local devbox ended while the command ran, [^\n]+\n$/);
  // Nobody else can find bash and its keeper any more.
  for (const child of children.trim().split(/\s+/)) sendSignal(child, 'SIGKILL');
});

test('what a killed devbox left is there for ls and stop', async () => {
  await using own = await nshHome();
  const running = own.start(['-c', 'echo $PPID; sleep 1000']);
  const pid = Number(await running.printed('\n'));
  running.child.kill('SIGTERM');
  await running.ended;
  sendSignal(pid, 'SIGKILL');
  expect((await own.run(['ls'])).stdout).toMatch(/main +running/);
  expect((await own.run(['stop'])).stdout).toBe(
    'Stopped the local devbox with 1 shell (main), and 1 unfinished command.\n',
  );
});

/** Waits until as many commands as that are in the shell's queue, the running one included. */
async function queueLength(name: string, length: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const shells: { shell_name: string; queue: unknown[] }[] = JSON.parse(
          (await nsh.run(['ls', '--json'])).stdout,
        );
        return shells.find(({ shell_name }) => shell_name === name)?.queue.length;
      },
      { timeout: 20_000 },
    )
    .toBe(length);
}
