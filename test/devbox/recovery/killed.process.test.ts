import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { execute, launch, whenStatus } from '../http/commands.ts';
import { EventReader } from '../http/event-reader.ts';
import { get, open, post } from '../http/raw-client.ts';
import { MortalDevbox } from './mortal-devbox.ts';

/** Waits until the output of an execution holds `text`. */
async function printed(devbox: MortalDevbox, id: string, text: string): Promise<void> {
  const incoming = await open(devbox, { method: 'GET', path: routes.output('local', id, 'stdout') });
  let seen = '';
  for await (const bytes of incoming) {
    seen += String(bytes);
    if (seen.includes(text)) return;
  }
  throw new Error(`The output ended without ${text}: ${seen}`);
}

const gate = (devbox: MortalDevbox, name = 'gate') => writeFileSync(join(devbox.home, name), 'go\n');
const waiting = 'mkfifo gate; echo waiting; read -r line <gate';

test('the running command goes on; its output and exit status come back, and say that the server changed', async () => {
  await using devbox = await MortalDevbox.start();
  const id = await launch(devbox, `${waiting}; echo two; (exit 7)`, 'main');
  await printed(devbox, id, 'waiting\n');
  await devbox.restart();
  const running = (await get(devbox, routes.execution('local', id))).body;
  expect(running).toMatchObject({ status: 'running', nsh: { adopted: true } });
  gate(devbox);
  expect(await whenStatus(devbox, id)).toMatchObject({
    exit_status: 7,
    stdout: 'waiting\ntwo\n',
    nsh: { end_reason: 'exited', adopted: true, message: expect.stringContaining('may be missing') },
  });
});

test('what waited runs once and in order; variables, directory and jobs are there', async () => {
  await using devbox = await MortalDevbox.start();
  await execute(devbox, 'v=kept; f() { echo "f $v"; }; sleep 1000 & cd /usr', 'main');
  const { pid } = (await get(devbox, routes.shell('local', 'main'))).body;
  const first = await launch(devbox, `cd ~; ${waiting}`, 'main');
  await printed(devbox, first, 'waiting\n');
  const ids: string[] = [];
  for (let n = 0; n < 20; n++) ids.push(await launch(devbox, `echo ${n} >>order; echo ${n}`, 'main'));
  await devbox.restart();
  const view = (await get(devbox, routes.shell('local', 'main'))).body;
  expect(view).toMatchObject({ pid, state: 'running' });
  expect(view.queue.map((one: { execution_id: string }) => one.execution_id)).toEqual([first, ...ids]);
  expect(view.queue.map((one: { number: number }) => one.number)).toEqual(
    [first, ...ids].map((_, n) => n + 2),
  );
  gate(devbox);
  for (const [n, id] of ids.entries()) {
    const done = await whenStatus(devbox, id);
    expect(done).toMatchObject({ exit_status: 0, stdout: `${n}\n` });
    expect(done.nsh.adopted).toBeUndefined();
  }
  expect(readFileSync(join(devbox.home, 'order'), 'utf8')).toBe(ids.map((_, n) => `${n}\n`).join(''));
  const last = await execute(devbox, 'f; jobs -p | wc -l', 'main');
  expect(last).toMatchObject({ stdout: expect.stringMatching(/^f kept\n\s*1\n$/), nsh: { number: 23 } });
});

test('what had completed is there: ids, bytes, exit status, command ids, late output', async () => {
  await using devbox = await MortalDevbox.start();
  const body = { command: 'printf "\\377\\0x"; echo err >&2; exit_with() { return 9; }; exit_with' };
  const command = { ...body, command_id: randomUUID(), shell_name: 'main' };
  const before = (await post(devbox, routes.execute('local'), command)).body;
  const cancelled = await (async () => {
    const blocker = await launch(devbox, 'sleep 1000', 'main');
    const id = await launch(devbox, 'echo never', 'main');
    await post(devbox, routes.kill('local', id));
    await post(devbox, routes.kill('local', blocker));
    await whenStatus(devbox, blocker);
    return id;
  })();
  const alone = await execute(devbox, 'seq 20000');
  const job = await execute(devbox, '{ sleep 0.2; echo late; } &', 'main');
  const late = await open(devbox, {
    method: 'GET',
    path: routes.lateOutput('local', job.execution_id, 'stdout'),
  });
  for await (const bytes of late) if (String(bytes).includes('late')) break;
  await devbox.restart();
  const after = (await post(devbox, routes.execute('local'), command)).body;
  expect(after).toEqual(before);
  expect(after.exit_status).toBe(9);
  const raw = await get(devbox, routes.output('local', before.execution_id, 'stdout'));
  expect([...raw.bytes]).toEqual([255, 0, 120]);
  expect((await get(devbox, routes.execution('local', cancelled))).body.nsh.end_reason).toBe('cancelled');
  const numbers = await get(devbox, routes.output('local', alone.execution_id, 'stdout'));
  expect(numbers.bytes.toString()).toBe(Array.from({ length: 20_000 }, (_, n) => `${n + 1}\n`).join(''));
  expect((await get(devbox, routes.execution('local', job.execution_id))).body.nsh.late_stdout_bytes).toBe(5);
});

test('a client that was streaming goes on from its offset; events resume with missed', async () => {
  await using devbox = await MortalDevbox.start();
  const watcher = await EventReader.open(devbox, routes.shellEvents('local', 'main'));
  const id = await launch(devbox, `seq 5; ${waiting}; seq 6 9`, 'main');
  await printed(devbox, id, 'waiting\n');
  const { seq } = await watcher.first('started');
  await devbox.restart();
  const resumed = await EventReader.open(devbox, routes.shellEvents('local', 'main'), {
    'last-event-id': String(seq),
  });
  const snapshot = await resumed.first('snapshot');
  expect(snapshot).toMatchObject({ missed: true, shells: [{ state: 'running' }] });
  expect(snapshot.seq).toBeGreaterThan(seq);
  const rest = get(devbox, `${routes.output('local', id, 'stdout')}?offset=10`);
  gate(devbox);
  expect((await rest).bytes.toString()).toBe('waiting\n6\n7\n8\n9\n');
  expect(await resumed.first('completed', id)).toMatchObject({ execution: { exit_status: 0 } });
});

test('two kills in a row, the second while nobody has asked for anything', async () => {
  await using devbox = await MortalDevbox.start();
  const id = await launch(devbox, `v=1; ${waiting}; echo two`, 'main');
  await printed(devbox, id, 'waiting\n');
  const next = await launch(devbox, 'echo next $v', 'main');
  await devbox.restart();
  await devbox.restart();
  gate(devbox);
  expect(await whenStatus(devbox, id)).toMatchObject({ stdout: 'waiting\ntwo\n', exit_status: 0 });
  expect(await whenStatus(devbox, next)).toMatchObject({ stdout: 'next 1\n', exit_status: 0 });
});

test('killed while the shell starts: what was accepted runs, once', async () => {
  await using devbox = await MortalDevbox.start();
  for (let round = 0; round < 4; round++) {
    const id = await launch(devbox, `echo ran >>ran-${round}; echo done`, `shell-${round}`);
    await devbox.restart();
    expect(await whenStatus(devbox, id)).toMatchObject({ exit_status: 0, stdout: 'done\n' });
    expect(readFileSync(join(devbox.home, `ran-${round}`), 'utf8')).toBe('ran\n');
  }
});

test('bash that ended meanwhile: its command says so, what waited is cancelled, the next gets a fresh shell', async () => {
  await using devbox = await MortalDevbox.start();
  const id = await launch(devbox, `${waiting}; echo last; exit 3`, 'main');
  await printed(devbox, id, 'waiting\n');
  const waits = await launch(devbox, 'touch never', 'main');
  const { pid } = (await get(devbox, routes.shell('local', 'main'))).body;
  await devbox.kill();
  gate(devbox);
  while (isThere(pid)) await new Promise((resolve) => setImmediate(resolve));
  await devbox.start();
  expect(await whenStatus(devbox, id)).toMatchObject({
    stdout: 'waiting\nlast\n',
    nsh: { end_reason: 'shell_ended', message: expect.stringContaining('exit status is unknown') },
  });
  expect(await whenStatus(devbox, waits)).toMatchObject({
    exit_status: 130,
    nsh: { end_reason: 'cancelled', message: expect.stringContaining('the shell ended') },
  });
  expect(existsSync(join(devbox.home, 'never'))).toBe(false);
  expect((await execute(devbox, 'echo fresh', 'main')).nsh.fresh_shell).toBe(true);
});

test('a command without a shell goes on too', async () => {
  await using devbox = await MortalDevbox.start();
  const id = await launch(devbox, `${waiting}; echo two; exit 5`);
  await printed(devbox, id, 'waiting\n');
  await devbox.restart();
  gate(devbox);
  expect((await whenStatus(devbox, id)).stdout).toBe('waiting\ntwo\n');
});

test('input for a command that waits is kept; one that runs takes more', async () => {
  await using devbox = await MortalDevbox.start();
  const first = await launch(devbox, 'echo ready; cat', 'main', true);
  await printed(devbox, first, 'ready\n');
  const second = await launch(devbox, 'cat', 'main', true);
  await post(devbox, routes.sendStdIn('local', second), { text: 'kept' });
  await post(devbox, routes.sendStdIn('local', second), { signal: 'EOF' });
  await devbox.restart();
  await post(devbox, routes.sendStdIn('local', first), { text: 'more' });
  await post(devbox, routes.sendStdIn('local', first), { signal: 'EOF' });
  expect((await whenStatus(devbox, first)).stdout).toBe('ready\nmore');
  expect((await whenStatus(devbox, second)).stdout).toBe('kept');
});

test('an adopted command can be interrupted and killed, a shell closed', async () => {
  await using devbox = await MortalDevbox.start();
  const ids = [];
  for (const name of ['a', 'b', 'c']) {
    const id = await launch(devbox, 'echo go; sleep 1000', name);
    await printed(devbox, id, 'go\n');
    ids.push(id);
  }
  const [a = '', b = '', c = ''] = ids;
  await devbox.restart();
  await post(devbox, routes.sendStdIn('local', a), { signal: 'INTERRUPT' });
  await post(devbox, routes.kill('local', b));
  await post(devbox, routes.closeShell('local', 'c'));
  expect((await whenStatus(devbox, a)).exit_status).toBe(130);
  expect((await whenStatus(devbox, b)).exit_status).toBe(137);
  expect((await whenStatus(devbox, c)).nsh.end_reason).toBe('shell_ended');
  await devbox.restart();
  const shells = (await get(devbox, routes.shells('local'))).body.shells;
  expect(shells.map((shell: { shell_name: string }) => shell.shell_name)).toEqual(['a', 'b']);
});

test('a stop in peace leaves nothing to take over', async () => {
  await using devbox = await MortalDevbox.start();
  const id = await launch(devbox, 'echo $$; sleep 1000', 'main');
  await printed(devbox, id, '\n');
  const { pid } = (await get(devbox, routes.shell('local', 'main'))).body;
  await post(devbox, routes.stopServer());
  await devbox.ended();
  expect(isThere(pid)).toBe(false);
  expect((await readdir(devbox.stateDir)).filter((name) => ['sessions', 'snapshots'].includes(name))).toEqual(
    [],
  );
  await devbox.start();
  expect((await get(devbox, routes.shells('local'))).body.shells).toEqual([]);
  expect((await get(devbox, routes.execution('local', id))).status).toBe(404);
});

test('a stop that keeps the shells: the next server goes on, and nothing was lost', async () => {
  await using devbox = await MortalDevbox.start();
  await execute(devbox, 'v=kept', 'main');
  const id = await launch(devbox, `${waiting}; echo two $v`, 'main');
  await printed(devbox, id, 'waiting\n');
  const old = devbox.pid;
  expect((await post(devbox, routes.stopServer(), { keep_shells: true })).body).toEqual({});
  await devbox.ended();
  await devbox.start();
  expect(devbox.pid).not.toBe(old);
  gate(devbox);
  const done = await whenStatus(devbox, id);
  expect(done).toMatchObject({ stdout: 'waiting\ntwo kept\n', nsh: { adopted: true } });
  expect(done.nsh.message).toBeUndefined();
});

function isThere(pid: number): boolean {
  try {
    // A zombie runs no more: the server that would have heard of it is dead, so init takes it soon.
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
