import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toFile } from '@runloop/api-client';
import { expect } from 'vitest';
import { failureOf, type Scenario, scenario } from '../scenario.ts';

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const bytesOf = async (response: { arrayBuffer(): Promise<ArrayBuffer> }) =>
  Buffer.from(await response.arrayBuffer());

/** Files: `devbox.file`. */
export const files: Scenario[] = [
  scenario('write and read: text in UTF-8, relative to the home', async ({ create, answers }) => {
    const devbox = await create();
    const contents = '{"ü": "zwölf \u{1F600}"}\n';
    const written = await devbox.file.write({ file_path: 'config.json', contents });
    answers.add('Runloop.DevboxExecutionDetailView', 'write', written);
    expect(written).toMatchObject({ devbox_id: devbox.id, exit_status: 0 });
    expect(await devbox.file.read({ file_path: 'config.json' })).toBe(contents);
    expect(await (await devbox.cmd.exec('cat ~/config.json')).stdout()).toBe(contents);
  }),

  scenario('an absolute path, and directories that are not there yet', async ({ create, folder }) => {
    const devbox = await create();
    const file_path = join(await folder(), 'a/b/file');
    await devbox.file.write({ file_path, contents: 'deep' });
    expect(await devbox.file.read({ file_path })).toBe('deep');
    await devbox.file.write({ file_path: 'x/y/file', contents: 'here' });
    expect(await (await devbox.cmd.exec('cat x/y/file')).stdout()).toBe('here');
  }),

  scenario('write replaces a file, keeps its mode, and goes through a link', async ({ create }) => {
    const devbox = await create();
    await devbox.cmd.exec('printf "old and longer" >run; chmod 750 run; ln -s run link');
    await devbox.file.write({ file_path: 'link', contents: 'new' });
    const looked = await devbox.cmd.exec('cat run; stat -c " %a" run; readlink link; ls -A');
    expect(await looked.stdout()).toBe('new 750\nrun\nlink\nrun\n');
  }),

  scenario('an empty file', async ({ create }) => {
    const devbox = await create();
    await devbox.file.write({ file_path: 'empty', contents: '' });
    expect(await devbox.file.read({ file_path: 'empty' })).toBe('');
    expect(await bytesOf(await devbox.file.download({ path: 'empty' }))).toHaveLength(0);
  }),

  scenario('upload and download: bytes of any kind', async ({ create }) => {
    const devbox = await create();
    const bytes = Buffer.from(Array.from({ length: 512 }, (_, n) => n % 256));
    await devbox.file.upload({ path: 'data.bin', file: await toFile(bytes, 'local-name.bin') });
    const response = await devbox.file.download({ path: 'data.bin' });
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(response.headers.get('content-length')).toBe('512');
    expect(hash(await bytesOf(response))).toBe(hash(bytes));
  }),

  scenario('upload of a File, and with the file before the path', async ({ create }) => {
    const devbox = await create();
    await devbox.file.upload({ path: 'one.txt', file: new File(['content'], 'data.txt') });
    await devbox.file.upload({ file: new File(['turned'], 'data.txt'), path: 'two/three.txt' });
    expect(await (await devbox.cmd.exec('cat one.txt two/three.txt')).stdout()).toBe('contentturned');
  }),

  scenario('upload and download of 48 MiB', async ({ create, folder }) => {
    const devbox = await create();
    const local = join(await folder(), 'large');
    const bytes = randomBytes(48 * 1024 * 1024);
    await writeFile(local, bytes);
    await devbox.file.upload({ path: 'large', file: createReadStream(local) });
    expect(await (await devbox.cmd.exec('sha256sum <large')).stdout()).toContain(hash(bytes));
    expect(hash(await bytesOf(await devbox.file.download({ path: 'large' })))).toBe(hash(bytes));
  }),

  scenario('write and read of some MB of text', async ({ create }) => {
    const devbox = await create();
    const contents = 'äöü "quoted"\n'.repeat(200_000);
    await devbox.file.write({ file_path: 'text', contents });
    expect(await devbox.file.read({ file_path: 'text' })).toBe(contents);
  }),

  scenario('what is not there is a NotFoundError', async ({ create }) => {
    const devbox = await create();
    const calls: PromiseLike<unknown>[] = [
      devbox.file.read({ file_path: 'nothing' }),
      devbox.file.download({ path: 'nothing' }),
    ];
    for (const failure of await Promise.all(calls.map(failureOf))) {
      expect(failure).toMatchObject({ name: 'NotFoundError', error: { code: 'file_not_found' } });
      expect(failure.error?.message).toContain('nothing');
    }
  }),

  scenario('what is no file is refused, and nobody waits for a FIFO', async ({ create }) => {
    const devbox = await create();
    await devbox.cmd.exec('mkdir dir; mkfifo fifo; echo x >file');
    const calls: PromiseLike<unknown>[] = [
      devbox.file.read({ file_path: 'dir' }),
      devbox.file.download({ path: 'fifo' }),
      devbox.file.write({ file_path: 'dir', contents: 'x' }),
      devbox.file.write({ file_path: 'fifo', contents: 'x' }),
      devbox.file.write({ file_path: 'file/below', contents: 'x' }),
      devbox.file.upload({ path: '', file: new File(['x'], 'x') }),
    ];
    for (const failure of await Promise.all(calls.map(failureOf))) {
      expect(failure).toMatchObject({ name: 'BadRequestError', status: 400 });
    }
    expect(await (await devbox.cmd.exec('ls -A; cat file')).stdout()).toBe('dir\nfifo\nfile\nx\n');
  }),

  scenario('no files of a devbox that is suspended; they are there again with it', async ({ create }) => {
    const devbox = await create();
    await devbox.file.write({ file_path: 'kept', contents: 'kept' });
    await devbox.suspend();
    const contents = 'x';
    const calls: PromiseLike<unknown>[] = [
      devbox.file.read({ file_path: 'kept' }),
      devbox.file.write({ file_path: 'kept', contents }),
      devbox.file.upload({ path: 'kept', file: new File(['x'], 'x') }),
    ];
    for (const failure of await Promise.all(calls.map(failureOf))) {
      expect(failure).toMatchObject({ status: 409, error: { code: 'devbox_not_running' } });
    }
    await devbox.resume();
    expect(await devbox.file.read({ file_path: 'kept' })).toBe('kept');
  }),

  scenario('the file tools for models', async ({ create, api }) => {
    const { id } = await create();
    const { read_file_contents, write_file_contents } = api.devboxes.tools.fileTools(id);
    const said = await write_file_contents.execute({ file_path: 'tool', contents: 'by a tool' });
    expect(said).toBe('File written successfully');
    expect(await read_file_contents.execute({ file_path: 'tool' })).toBe('by a tool');
  }),
];
