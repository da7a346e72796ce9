import { once } from 'node:events';
import {
  chmod,
  chown,
  lchown,
  lstat,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isPrivateDirectory, privateDirectory } from '../../../src/devbox/server/private-directory.ts';
import { socketPath } from '../../../src/devbox/server/socket-path.ts';
import { startServer } from '../../../src/devbox/server/start-server.ts';
import { startTestDevbox } from '../../helpers/devbox-server.ts';
import { nshHome } from '../../helpers/nsh.ts';
import { asOther, canBeOther, OTHER_UID, publicFolder, startOther } from '../../helpers/other-user.ts';
import { execute } from '../http/commands.ts';

const UNSAFE = { name: 'ServerError', code: 'directory_unsafe' };

test.runIf(canBeOther)(
  'another user’s attempts at the socket: neither directory nor socket lets them',
  async () => {
    await using folder = await publicFolder(0o711);
    const socket = join(folder.path, 'run', 's.sock');
    const server = await startServer({
      version: 'test',
      stateDir: join(folder.path, 'state'),
      listen: { socketPath: socket },
      env: { PATH: process.env.PATH, HOME: folder.path },
    });
    const knock = `
    import net from 'node:net';
    net.connect(process.argv[1]).on('error', (error) => console.log(error.code)).on('connect', () => {
      console.log('in');
      process.exit();
    });`;
    expect((await asOther(knock, socket)).stdout).toBe('EACCES\n');
    // Each of the two holds alone.
    await chmod(join(folder.path, 'run'), 0o755);
    expect((await asOther(knock, socket)).stdout).toBe('EACCES\n');
    await server.close();
  },
);

test.runIf(canBeOther)('nsh tells nothing to a server that another user set up in its place', async () => {
  await using folder = await publicFolder(0o1777);
  await using nsh = await nshHome();
  const socket = socketPath(nsh.stateDir, { XDG_RUNTIME_DIR: folder.path });
  // The runtime directory is the user's own, as in /tmp; what is in it is not.
  const impostor = startOther(
    `import net from 'node:net'; import fs from 'node:fs'; import path from 'node:path';
    const [, socket] = process.argv;
    fs.mkdirSync(path.dirname(socket)); fs.chmodSync(path.dirname(socket), 0o777);
    net.createServer((client) => client.on('data', (data) => process.stdout.write('heard ' + data)))
      .listen(socket, () => { fs.chmodSync(socket, 0o777); process.stdout.write('listening'); });`,
    socket,
  );
  const heard: Buffer[] = [];
  impostor.stdout.on('data', (data: Buffer) => heard.push(data));
  await once(impostor.stdout, 'data');
  const env = { XDG_RUNTIME_DIR: folder.path };
  for (const args of [['-c', 'echo secret'], ['ls'], ['stop']]) {
    const end = await nsh.run(args, { env });
    expect(end.status).toBe(72);
    expect(end.stderr).toContain(`belongs to another user (uid ${OTHER_UID})`);
  }
  impostor.kill('SIGKILL');
  await once(impostor, 'close');
  expect(Buffer.concat(heard).toString()).toBe('listening');
});

test.runIf(canBeOther)('another user reads nothing of what is kept, whatever the umask', async () => {
  await using folder = await publicFolder(0o711);
  await using nsh = await nshHome();
  const state = join(folder.path, 'state');
  const env = { NSH_STATE_DIR: state, SECRET: 'hunter2' };
  const end = await nsh.run(['s'], { env, limits: 'umask 000', input: 'echo $SECRET\ncd /tmp\n' });
  expect(end).toMatchObject({ status: 0, stdout: 'hunter2\n' });
  const paths = await below(state);
  expect(paths.length).toBeGreaterThan(10);
  for (const path of paths) {
    const stats = await lstat(path);
    expect([path, stats.mode & 0o077]).toEqual([path, 0]);
  }
  // Even with the way in open, each file is closed.
  await chmod(state, 0o755);
  const files = paths.filter((path) => !path.includes('compile-cache'));
  const tried = await asOther(
    `import fs from 'node:fs';
    for (const path of process.argv.slice(1)) {
      try { fs.accessSync(path, fs.constants.R_OK); console.log('could read ' + path); } catch {}
    }`,
    ...files,
  );
  expect(tried).toMatchObject({ status: 0, stdout: '', stderr: '' });
  await chmod(state, 0o700);
  await nsh.run(['stop'], { env });
});

test.runIf(canBeOther)(
  'a directory in which another user planted a link is refused, lock or not',
  async () => {
    await using folder = await publicFolder(0o711);
    const [state, precious] = [join(folder.path, 'state'), join(folder.path, 'precious')];
    await writeFile(precious, 'precious');
    await mkdir(state);
    await chmod(state, 0o777);
    const planted = await asOther(
      `import fs from 'node:fs';
    const [, state, precious] = process.argv;
    fs.writeFileSync(state + '/server.lock.1', '{}');
    fs.mkdirSync(state + '/devboxes/local', { recursive: true });
    fs.symlinkSync(precious, state + '/devboxes/local/journal.ndjson');`,
      state,
      precious,
    );
    expect(planted.status).toBe(0);
    await expect(start(state)).rejects.toMatchObject(UNSAFE);
    expect(await readFile(precious, 'utf8')).toBe('precious');
  },
);

test.each([
  ['the folder of all devboxes', 'devboxes', 'folder'],
  ['the folder of the shells', 'sessions', 'folder'],
  ['a devbox', 'devboxes/local', 'folder'],
  ['a journal', 'devboxes/local/journal.ndjson', 'file'],
  ['the log', 'server.log', 'file'],
])('a link in the place of %s is refused, and nothing happens where it leads', async (_, name, kind) => {
  await using folder = await publicFolder(0o700);
  const [state, precious] = [join(folder.path, 'state'), join(folder.path, 'precious')];
  if (kind === 'folder') {
    await mkdir(precious);
    await writeFile(join(precious, 'file'), 'precious');
  } else await writeFile(precious, 'precious');
  await privateDirectory(state);
  await mkdir(join(state, name, '..'), { recursive: true });
  await symlink(precious, join(state, name));
  const refused = expect.objectContaining({ ...UNSAFE, message: expect.stringContaining(name) });
  await expect(start(state)).rejects.toEqual(refused);
  expect(await readFile(kind === 'folder' ? join(precious, 'file') : precious, 'utf8')).toBe('precious');
  expect(await readdir(folder.path)).toEqual(['precious', 'state']);
});

test('a log behind a link is not written', async () => {
  await using nsh = await nshHome();
  const precious = join(nsh.home, 'precious');
  await writeFile(precious, 'precious');
  await mkdir(nsh.stateDir, { mode: 0o700 });
  await symlink(precious, join(nsh.stateDir, 'server.log'));
  const end = await nsh.run(['-c', 'echo ran']);
  expect(end).toMatchObject({ status: 72, stdout: '' });
  expect(end.stderr).toContain('server.log');
  expect(await readFile(precious, 'utf8')).toBe('precious');
});

test('a directory that the group or all can write is refused when it holds what is not ours', async () => {
  await using folder = await publicFolder(0o700);
  const dir = join(folder.path, 'dir');
  await mkdir(dir);
  await chmod(dir, 0o770);
  // It is empty, so it is closed.
  await privateDirectory(dir);
  expect((await stat(dir)).mode & 0o777).toBe(0o700);
  await chmod(dir, 0o770);
  await writeFile(join(dir, 'x.lock.1'), '');
  await symlink('/etc/passwd', join(dir, 'link'));
  await expect(privateDirectory(dir)).rejects.toMatchObject(UNSAFE);
  // A client that finds it does not even connect.
  await chmod(dir, 0o770);
  await expect(isPrivateDirectory(dir)).rejects.toMatchObject(UNSAFE);
  expect(await isPrivateDirectory(join(folder.path, 'none'))).toBe(false);
});

test('a directory that somebody else could put another in the place of is refused', async () => {
  await using folder = await publicFolder(0o777);
  await expect(privateDirectory(join(folder.path, 'below', 'state'))).rejects.toMatchObject(UNSAFE);
  expect(await readdir(folder.path)).toEqual([]);
  await chmod(folder.path, 0o1777);
  await privateDirectory(join(folder.path, 'below', 'state'));
  expect(await isPrivateDirectory(join(folder.path, 'below', 'state'))).toBe(true);
  await chmod(folder.path, 0o777);
  await expect(isPrivateDirectory(join(folder.path, 'below', 'state'))).rejects.toMatchObject(UNSAFE);
});

test.runIf(canBeOther)('so is one below another user’s directory, or behind their link', async () => {
  await using folder = await publicFolder(0o1777);
  await mkdir(join(folder.path, 'theirs'));
  await chown(join(folder.path, 'theirs'), OTHER_UID, OTHER_UID);
  await expect(privateDirectory(join(folder.path, 'theirs', 'state'))).rejects.toMatchObject(UNSAFE);
  await mkdir(join(folder.path, 'mine'));
  await symlink(join(folder.path, 'mine'), join(folder.path, 'link'));
  await privateDirectory(join(folder.path, 'link', 'state'));
  await lchown(join(folder.path, 'link'), OTHER_UID, OTHER_UID);
  await expect(privateDirectory(join(folder.path, 'link', 'state'))).rejects.toMatchObject(UNSAFE);
});

test('what a server writes is closed to others by its own mode', async () => {
  await using devbox = await startTestDevbox();
  await execute(devbox, 'secret=1; echo output; (sleep 0.01; echo late) &', 'main');
  let looked = 0;
  for (const path of await below(devbox.stateDir)) {
    const mode = await modeOf(path);
    if (mode === undefined) continue;
    looked += 1;
    expect([path, mode & 0o077]).toEqual([path, 0]);
  }
  expect(looked).toBeGreaterThan(10);
});

/** Undefined: it is gone by now, as a pipe is whose last writer has ended. */
async function modeOf(path: string): Promise<number | undefined> {
  try {
    return (await lstat(path)).mode;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function start(stateDir: string) {
  return startServer({
    version: 'test',
    stateDir,
    listen: { socketPath: join(stateDir, 's.sock') },
    env: { PATH: process.env.PATH, HOME: '/' },
  });
}

async function below(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isSymbolicLink())
    .map(({ parentPath, name }) => join(parentPath, name));
}
