import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BashSession } from '../../../src/devbox/engine/bash-session.ts';
import { listProcesses } from '../../../src/devbox/engine/processes/process-table.ts';
import { reapOrphans } from '../../../src/devbox/engine/reap-orphans.ts';
import { AdoptedShell, MortalServer } from './adopted-shell.ts';
import { seeded, turns } from './random-times.ts';
import { bashes, isAlive, label, machineBash } from './shell-under-test.ts';

const LINES = 300_000;
/** Half of it. On a quiet machine it is two reads of a pipe; while a slow disk takes one write, more collects. */
const AT_RISK = 2 ** 20;

describe.each(bashes.map((bash) => [label(bash), bash] as const))('%s', (_name, bash) => {
  test('an idle shell: state, jobs, $?, cwd and stop rules are as they were', async () => {
    const server = await MortalServer.start(bash);
    await server.run(
      'v=kept; f() { echo "f $v"; }; cd /usr; (sleep 1000; echo) & sleep 1000 & echo $! >$HOME/job',
    );
    await server.run('(exit 42)');
    await server.die();
    const shell = await AdoptedShell.adopt(server);
    expect(shell.session.pid).toBe(server.bashPid);
    expect(await shell.last?.command.outcome).toEqual({ kind: 'exited', exitStatus: 42, cwd: '/usr' });
    expect(shell.session.cwd).toBe('/usr');
    expect((await shell.run('echo $? $PWD; f; jobs -p | wc -l')).stdout).toMatch(
      /^42 \/usr\nf kept\n\s*2\n$/,
    );
    const job = Number((await shell.run('cat ~/job')).stdout);
    const stuck = shell.launch('echo go; sleep 1000');
    await stuck.seen('go\n');
    stuck.running.interrupt();
    expect(await stuck.outcome).toMatchObject({ kind: 'exited', exitStatus: 130 });
    expect(await isAlive(job)).toBe(true);
    await shell.session.close();
    expect(await isAlive(job)).toBe(false);
    expect(await isAlive(server.bashPid)).toBe(false);
    expect(existsSync(server.dir)).toBe(false);
    await noProcessLeft(server.dir);
  });

  test('a running command goes on; its output and status arrive', async () => {
    const server = await MortalServer.start(bash);
    server.order({ run: 'cd /usr; mkfifo ~/gate; echo one; read -r line <~/gate; echo two; (exit 7)' });
    await server.seen('one\n');
    await server.die();
    const shell = await AdoptedShell.adopt(server);
    expect(() => shell.launch('true')).toThrow('one at a time');
    writeFileSync(join(server.folder, 'gate'), 'go\n');
    expect(await shell.last?.command.outcome).toEqual({ kind: 'exited', exitStatus: 7, cwd: '/usr' });
    expect(await shell.output('first')).toBe('one\ntwo\n');
    expect((await shell.run('echo $?')).stdout).toBe('7\n');
  });

  test('a command that ended while no server was there is reported, with what it printed', async () => {
    const server = await MortalServer.start(bash);
    server.order({ run: 'echo go; mkfifo ~/gate; read -r line <~/gate; echo printed; cd /; (exit 9)' });
    await server.seen('go\n');
    await server.die();
    while (!existsSync(join(server.folder, 'gate'))) await turns(1);
    writeFileSync(join(server.folder, 'gate'), 'go\n');
    while (!readFileSync(join(server.dir, 'journal'), 'latin1').includes('E 1 9 ')) await turns(1);
    const shell = await AdoptedShell.adopt(server);
    expect(await shell.last?.command.outcome).toEqual({ kind: 'exited', exitStatus: 9, cwd: '/' });
    expect(await shell.output('first')).toBe('go\nprinted\n');
  });

  test('a command that waits for input is not told of its end, and gets the rest', async () => {
    const server = await MortalServer.start(bash);
    server.order({ run: 'read -r a; echo "[$a]"; cat; echo end', stdin: 'attached' });
    server.order({ write: 'one\n' });
    await server.seen('[one]\n');
    await server.die();
    const shell = await AdoptedShell.adopt(server);
    await shell.last?.command.writeStdin('two\n');
    await shell.printed('two\n');
    shell.last?.command.closeStdin();
    expect(await shell.last?.command.outcome).toMatchObject({ exitStatus: 0 });
    expect(await shell.output('first')).toBe('[one]\ntwo\nend\n');
    const next = shell.launch('cat', 'attached');
    await next.running.writeStdin('three');
    next.running.closeStdin();
    await next.outcome;
    expect(next.stdout).toBe('three');
  });

  test('input that was closed stays closed', async () => {
    const server = await MortalServer.start(bash);
    server.order({ run: 'cat; echo eof; mkfifo ~/gate; read -r line <~/gate', stdin: 'attached' });
    server.order({ write: 'text\n', close: true });
    await server.seen('eof\n');
    await server.die();
    const shell = await AdoptedShell.adopt(server);
    await expect(shell.last?.command.writeStdin('more')).rejects.toThrow('was closed');
    shell.last?.command.interrupt();
    expect(await shell.last?.command.outcome).toMatchObject({ exitStatus: 130 });
  });

  test.each([
    'said so, with what it printed, and without a made-up status',
    'so it is when its keeper does not answer',
  ])('bash that ended meanwhile: %s', async (which) => {
    const server = await MortalServer.start(bash);
    server.order({ run: 'echo go; mkfifo ~/gate; read -r line <~/gate; echo last; exit 3' });
    await server.seen('go\n');
    await server.die();
    while (!existsSync(join(server.folder, 'gate'))) await turns(1);
    writeFileSync(join(server.folder, 'gate'), 'go\n');
    while (await isAlive(server.bashPid)) await turns(1);
    const keepers = which.includes('keeper') ? await processesIn(server.dir) : [];
    for (const { pid } of keepers) process.kill(pid, 'SIGSTOP');
    const shell = await AdoptedShell.adopt(server);
    for (const { pid } of keepers) process.kill(pid, 'SIGKILL');
    expect(await shell.last?.command.outcome).toMatchObject({
      kind: 'shell_ended',
      end: { unknown: true, message: expect.stringContaining('its exit status is unknown') },
    });
    expect(await shell.output('first')).toBe('go\nlast\n');
    await shell.session.close();
    await noProcessLeft(server.dir);
  });

  test('a keeper that is stopped gives way to another, which keeps all for a third server', async () => {
    const server = await MortalServer.start(bash);
    server.order({ run: 'read -r a; echo "[$a]"; cat; echo end', stdin: 'attached' });
    server.order({ write: 'one\n' });
    await server.seen('[one]\n');
    await server.die();
    const stopped = (await processesIn(server.dir)).filter(({ pid }) => pid !== server.bashPid);
    expect(stopped).toHaveLength(1);
    for (const { pid } of stopped) process.kill(pid, 'SIGSTOP');
    const second = await MortalServer.adopt(server);
    // It held the command's input open, too.
    for (const { pid } of stopped) while (await isAlive(pid)) await turns(10);
    await second.die();
    const shell = await AdoptedShell.adopt(second);
    await shell.last?.command.writeStdin('two\n');
    await shell.printed('two\n');
    shell.last?.command.closeStdin();
    expect(await shell.last?.command.outcome).toMatchObject({ exitStatus: 0 });
    expect(await shell.output('first')).toBe('[one]\ntwo\nend\n');
    await shell.session.close();
    await noProcessLeft(server.dir);
  });

  test('bash that ends later is noticed', async () => {
    const server = await MortalServer.start(bash);
    await server.run('true');
    await server.die();
    const shell = await AdoptedShell.adopt(server);
    await shell.last?.command.outcome;
    const done = await shell.run('echo bye; exit 3');
    expect(done.result).toMatchObject({ kind: 'shell_ended', end: { unknown: true } });
    expect(done.stdout).toBe('bye\n');
    await noProcessLeft(server.dir);
  });

  test('late output of a job from before arrives', async () => {
    const server = await MortalServer.start(bash);
    await server.run('mkfifo ~/gate; { read -r line <~/gate; echo "late $line"; } & true');
    await server.run('echo second');
    await server.die();
    const shell = await AdoptedShell.adopt(server);
    await shell.last?.command.outcome;
    await shell.run('echo 5 >~/gate; wait');
    while (!Buffer.concat(shell.late).includes('late 5\n')) await turns(1);
  });

  test.each([1, 2, 3, 4, 5, 6])(
    '%d: killed at a random time while it counts: every line is there',
    async (seed) => {
      const random = seeded(seed);
      const server = await MortalServer.start(bash);
      server.order({
        run: `i=0; while [ $i -lt 20000 ]; do echo $i; i=$((i+1)); done; seq 20000 ${LINES - 1}`,
      });
      await server.seen('0\n');
      await turns(Math.floor(random() * 2000));
      await server.die();
      const shell = await AdoptedShell.adopt(server);
      expect(await shell.last?.command.outcome).toMatchObject({ exitStatus: 0 });
      const whole = Array.from({ length: LINES }, (_, line) => `${line}\n`).join('');
      const held = await shell.output('first');
      let same = 0;
      while (same < held.length && held[same] === whole[same]) same++;
      // At risk is what the dead server had read and not yet written: one gap, at most.
      expect(whole.endsWith(held.slice(same))).toBe(true);
      expect(whole.length - held.length).toBeLessThanOrEqual(AT_RISK);
    },
  );

  test('and once more: the server that took over is replaced too', async () => {
    const server = await MortalServer.start(bash);
    server.order({ run: 'echo one; read -r line; echo "$line"', stdin: 'attached' });
    await server.seen('one\n');
    await server.die();
    const heir = await MortalServer.adopt(server);
    heir.order({ write: 'two\n' });
    await heir.seen('two\n');
    expect(await heir.run('echo three; v=3; sleep 1000 &')).toMatchObject({ exitStatus: 0 });
    heir.order({ run: 'echo four; read -r line', stdin: 'attached', tag: 'fourth' });
    await heir.seen('four\n');
    await heir.die();
    const shell = await AdoptedShell.adopt(heir);
    expect(shell.last?.tag).toBe('fourth');
    shell.last?.command.closeStdin();
    expect(await shell.last?.command.outcome).toMatchObject({ exitStatus: 1 });
    expect((await shell.run('echo $v; jobs -p | wc -l')).stdout).toMatch(/^3\n\s*1\n$/);
  });
});

test('what cannot be taken over says why', async () => {
  await expect(BashSession.adopt({ dir: '/nosuch', sinks: () => undefined })).rejects.toThrow(
    'The shell in /nosuch cannot be taken over: ENOENT',
  );
});

test('orphans are ended and removed, those to keep are kept', async () => {
  const server = await MortalServer.start(machineBash);
  await server.run('sleep 1000 & true');
  await server.die();
  expect(await reapOrphans(server.folder)).toEqual([]);
  expect(await reapOrphans(server.folder, () => true)).toEqual([]);
  expect(await isAlive(server.bashPid)).toBe(true);
  expect(await reapOrphans(server.folder, () => false)).toEqual([server.dir]);
  expect(await isAlive(server.bashPid)).toBe(false);
  expect(readdirSync(server.folder)).not.toContain('shell');
  await noProcessLeft(server.dir);
});

/** bash, and its keeper. */
async function processesIn(dir: string) {
  return (await listProcesses()).filter(({ pid }) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(dir);
    } catch {
      return false;
    }
  });
}

async function noProcessLeft(dir: string): Promise<void> {
  while ((await processesIn(dir)).length > 0) await turns(10);
}
