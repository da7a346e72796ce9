import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { TEMPORARY_PREFIX } from '../../src/devbox/server/abandoned.ts';
import { type EmbeddedDevbox, startDevbox } from '../../src/devbox/start-devbox.ts';
import { DevboxClient } from '../../src/sdk/client.ts';
import { handles, isMoreThan } from '../helpers/handles.ts';
import { createProject } from '../helpers/project.ts';

/** Runs a command on the devbox `local`, and returns what it printed. */
async function run(devbox: EmbeddedDevbox, command: string, shell = 'main'): Promise<string> {
  await using client = new DevboxClient(devbox);
  const result = await client.devbox.fromId(devbox.devboxId).shell(shell).exec(command);
  return result.stdout();
}

const isAlive = (pid: number) => {
  try {
    // A zombie is an ended process that nobody has asked for yet.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
};

test('a temporary directory in which nothing is safe is refused, and the message says what chooses another', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'nsh-open-'));
  await chmod(folder, 0o777);
  vi.stubEnv('TMPDIR', folder);
  try {
    const starting = startDevbox();
    await expect(starting).rejects.toMatchObject({ name: 'ServerError', code: 'directory_unsafe' });
    await expect(starting).rejects.toThrow(/choose another with TMPDIR\.$/);
    expect(await readdir(folder)).toEqual([]);
  } finally {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  }
});

test('several at once, each with an address, a token, a home and shells of its own; then nothing is left', async () => {
  const before = handles();
  const pids: number[] = [];
  let folders: string[];
  {
    const devboxes = await Promise.all([startDevbox(), startDevbox(), startDevbox()]);
    await using cleanup = new AsyncDisposableStack();
    for (const devbox of devboxes) cleanup.use(devbox);
    for (const key of ['baseURL', 'bearerToken', 'home'] as const) {
      expect(new Set(devboxes.map((devbox) => devbox[key])).size).toBe(3);
    }
    folders = devboxes.map(({ home }) => path.dirname(home));
    await Promise.all(devboxes.map((devbox, index) => run(devbox, `MINE=${index}; echo ${index} >file`)));
    for (const [index, devbox] of devboxes.entries()) {
      expect(await run(devbox, 'echo $MINE $PWD $HOME $(cat file)')).toBe(
        `${index} ${devbox.home} ${devbox.home} ${index}\n`,
      );
      pids.push(Number(await run(devbox, 'sleep 1000 & echo $!')), Number(await run(devbox, 'echo $$')));
    }
    const [one, other] = devboxes as [EmbeddedDevbox, EmbeddedDevbox, EmbeddedDevbox];
    await expect(run({ ...one, bearerToken: other.bearerToken }, ':')).rejects.toMatchObject({
      kind: 'authentication',
    });
  }
  expect(pids.filter(isAlive)).toEqual([]);
  expect(folders.filter((folder) => existsSync(folder))).toEqual([]);
  // A timer to wait by would itself count.
  while (isMoreThan(handles(), before)) await setImmediate();
  expect(process.listeners('exit').filter(({ name }) => name === 'removeNow')).toEqual([]);
});

test('the signal ends it, with what runs in it; one that was aborted before starts nothing', async () => {
  const ending = new AbortController();
  const devbox = await startDevbox({ signal: ending.signal, token: 'chosen' });
  expect(devbox.bearerToken).toBe('chosen');
  await using client = new DevboxClient(devbox);
  const shell = client.devbox.fromId('local').shell('main');
  const pid = Number(await (await shell.exec('echo $$')).stdout());
  await shell.execAsync('sleep 1000');
  ending.abort();
  await devbox.closed;
  expect(isAlive(pid)).toBe(false);
  expect(existsSync(devbox.home)).toBe(false);
  await devbox.close();
  await expect(fetch(devbox.baseURL)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await expect(startDevbox({ signal: AbortSignal.abort(new Error('no more')) })).rejects.toThrow('no more');
});

test('a signal that aborts while it starts: it says so, and leaves nothing', async () => {
  const before = await temporaryFolders();
  const handlesBefore = handles();
  for (const step of ['home', 'state', 'state/server.lock.1', 'state/devboxes']) {
    const ending = new AbortController();
    const started = startDevbox({ signal: ending.signal });
    started.catch(() => undefined);
    const isThere = async () => {
      const added = (await temporaryFolders()).find((name) => !before.includes(name));
      return added !== undefined && existsSync(path.join(tmpdir(), added, step));
    };
    while (!(await isThere()));
    ending.abort(new Error('changed my mind'));
    // Where it was quicker than the signal, the signal ends it.
    await started.then(
      ({ closed }) => closed,
      (error) => expect(error).toMatchObject({ message: 'changed my mind' }),
    );
  }
  expect(await temporaryFolders()).toEqual(before);
  while (isMoreThan(handles(), handlesBefore)) await setImmediate();
});

async function temporaryFolders(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith(TEMPORARY_PREFIX));
}

test('a port that is taken is told of, and leaves nothing', async () => {
  await using devbox = await startDevbox();
  const tmp = path.dirname(path.dirname(devbox.home));
  // Other tests have theirs beside it.
  const own = async () => (await readdir(tmp)).filter((name) => name.startsWith(TEMPORARY_PREFIX));
  const before = await own();
  const port = Number(new URL(devbox.baseURL).port);
  await expect(startDevbox({ port })).rejects.toMatchObject({ name: 'ServerError', code: 'address_in_use' });
  expect(await own()).toEqual(before);
});

test('its shells cannot be left to another server: a client that asks ends nothing', async () => {
  await using devbox = await startDevbox();
  await using client = new DevboxClient(devbox);
  expect((await client.server())?.capabilities).not.toContain('keep_shells');
  const answer = await fetch(`${devbox.baseURL}/nsh/v1/server/stop`, {
    method: 'POST',
    headers: { authorization: `Bearer ${devbox.bearerToken}` },
    body: '{"keep_shells":true}',
  });
  expect(answer.status).toBe(409);
  expect(await answer.json()).toMatchObject({ code: 'not_offered' });
  expect(await run(devbox, 'echo here')).toBe('here\n');
});

test('shells get the environment, or one of its own, without secrets', async () => {
  await using devbox = await startDevbox({
    env: { PATH: process.env.PATH, GREETING: 'hello', RUNLOOP_API_KEY: 'secret', HOME: '/elsewhere' },
  });
  expect(await run(devbox, 'echo $GREETING $RUNLOOP_API_KEY $HOME')).toBe(`hello ${devbox.home}\n`);
});

/** A program that embeds a devbox, runs a long command in it, says where, and then goes on with `more`. */
async function embeddingProgram(folder: string, more: string): Promise<ChildProcess> {
  const program = path.join(folder, `program-${randomUUID()}.ts`);
  await writeFile(
    program,
    `import { DevboxClient, startDevbox } from 'named-shell';
    const devbox = await startDevbox();
    await using client = new DevboxClient(devbox);
    const shell = client.devbox.fromId('local').shell('main');
    const pid = await (await shell.exec('sleep 1000 & echo $$ $!')).stdout();
    await shell.execAsync('sleep 1000; echo never');
    while (!(await shell.executions()).some(({ status }) => status === 'running'));
    process.stdout.write(JSON.stringify({ home: devbox.home, pids: pid.trim().split(' ').map(Number) }) + '\\n');
    ${more}`,
  );
  return spawn(process.execPath, [program], {
    env: { PATH: process.env.PATH, TMPDIR: folder },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

async function told(child: ChildProcess): Promise<{ home: string; pids: number[] }> {
  const [line] = await once(child.stdout as NodeJS.ReadableStream, 'data');
  return JSON.parse(String(line));
}

test.each([
  ['process.exit()', 'process.exit(3);', 3],
  ['an error that nobody caught', 'throw new Error("uncaught, as it should be");', 1],
])(
  'a process that ends without closing it, by %s, takes shells and folder along',
  async (_, more, status) => {
    await using project = await createProject();
    const child = await embeddingProgram(project.folder, more);
    const [{ home, pids }, [code]] = await Promise.all([told(child), once(child, 'exit')]);
    expect(code).toBe(status);
    expect(existsSync(path.dirname(home))).toBe(false);
    await vi.waitUntil(() => !pids.some(isAlive));
  },
);

test('what a process leaves that was killed goes with the next devbox; a living one’s is left alone', async () => {
  await using project = await createProject();
  const [killed, living] = await Promise.all([
    embeddingProgram(project.folder, 'process.stdin.resume();'),
    embeddingProgram(project.folder, "process.stdin.resume().once('end', () => devbox.close());"),
  ]);
  const [left, lives] = await Promise.all([told(killed), told(living)]);
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  for (const { home } of [left, lives]) await utimes(path.dirname(home), 1, 1);
  const next = await embeddingProgram(project.folder, 'process.exit()');
  await once(next, 'exit');
  expect([existsSync(left.home), existsSync(lives.home)]).toEqual([false, true]);
  await vi.waitUntil(() => !left.pids.some(isAlive));
  expect(lives.pids.filter(isAlive)).toEqual(lives.pids);
  living.stdin?.end();
  expect(await once(living, 'exit')).toEqual([0, null]);
});
