import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestDevbox, type TestDevbox } from '../../helpers/devbox-server.ts';
import { post, send } from './raw-client.ts';

let devbox: TestDevbox;
beforeAll(async () => {
  devbox = await startTestDevbox();
});
afterAll(() => devbox[Symbol.asyncDispose]());

const ROUTE = '/v1/devboxes/local/upload_file';
const MULTIPART = { 'content-type': 'multipart/form-data; boundary=x' };
const part = (head: string, body: string) =>
  `--x\r\ncontent-disposition: form-data; ${head}\r\n\r\n${body}\r\n`;
const upload = (body: string, headers: Record<string, string> = MULTIPART) =>
  send(devbox, { method: 'POST', path: ROUTE, body, headers });
const received = () => readdir(join(devbox.stateDir, 'devboxes/local/received'));

test.each([
  ['no form', '{}', { 'content-type': 'application/json' }, 'multipart'],
  ['no boundary', '', { 'content-type': 'multipart/form-data' }, 'oundary'],
  ['no path', `${part('name="file"; filename="f"', 'x')}--x--\r\n`, MULTIPART, 'no path'],
  ['no file', `${part('name="path"', 'p')}--x--\r\n`, MULTIPART, 'no file'],
  ['an end that is missing', part('name="path"', 'p'), MULTIPART, 'multipart'],
])('a form with %s is refused by what it lacks, and leaves nothing', async (_, body, headers, word) => {
  const answer = await upload(body, headers);
  expect(answer).toMatchObject({ status: 400, body: { code: 'body_invalid' } });
  expect(answer.body.message).toContain(word);
  expect(await received().catch(() => [])).toEqual([]);
});

test('an upload that breaks off leaves the old file, and nothing of the new one', async () => {
  await writeFile(join(devbox.home, 'target'), 'old');
  const socket = connect(devbox.server.socketPath ?? '');
  const head = `POST ${ROUTE} HTTP/1.1\r\nhost: localhost\r\n${MULTIPART['content-type'].replace(/^/, 'content-type: ')}\r\ncontent-length: 1000000\r\n\r\n`;
  socket.write(
    head + part('name="path"', 'target') + part('name="file"; filename="f"', 'new'.repeat(10_000)),
  );
  await expect.poll(received).toHaveLength(1);
  socket.destroy();
  await expect.poll(received).toEqual([]);
  expect(await readFile(join(devbox.home, 'target'), 'utf8')).toBe('old');
});

test('files on another disk are put in place, too, and what may not be written is said', async () => {
  // The home of `local` need not be on the disk of the state.
  const dir = await mkdtemp('/dev/shm/nsh-');
  await symlink(dir, join(devbox.home, 'shm'));
  const write = (file_path: string) =>
    post(devbox, '/v1/devboxes/local/write_file_contents', { file_path, contents: 'x' });
  try {
    expect((await write('shm/file')).status).toBe(200);
    expect(await readdir(dir)).toEqual(['file']);
    expect(await readFile(join(dir, 'file'), 'utf8')).toBe('x');
    const answer = await write('/proc/version');
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body.message).toContain('/proc/version cannot be written');
    expect(await received()).toEqual([]);
  } finally {
    await rm(join(devbox.home, 'shm'));
    await rm(dir, { recursive: true });
  }
});

test('a file without a size of its own is read to its end', async () => {
  const read = (file_path: string) => post(devbox, '/v1/devboxes/local/read_file_contents', { file_path });
  expect((await read('/proc/self/status')).bytes.toString()).toMatch(/^Name:\s.*\n/);
  expect((await read('/dev/null')).body.code).toBe('not_a_file');
});
