import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SpillDirectory } from '../../../src/repl/output/spill-directory.ts';

let root: string;
let dir: string;
let problems: string[];
const onProblem = (message: string) => problems.push(message);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'spill-'));
  dir = join(root, 'output');
  problems = [];
});
afterEach(() => rm(root, { recursive: true }));

describe('a spill file', () => {
  it('has the output as it came, for its user alone', async () => {
    const spills = new SpillDirectory({ dir, onProblem });
    const spill = spills.open('../exec 1');
    const binary = Uint8Array.from({ length: 256 }, (_, index) => index);
    const parts = Array.from({ length: 2000 }, (_, index) => `\x1b[31m${index}\r\n`);
    for (const part of parts) spill.write(part);
    await spill.ready();
    spill.write(binary);
    await spill.close();
    await spill.close();
    expect(await readFile(spill.path)).toEqual(Buffer.concat([Buffer.from(parts.join('')), binary]));
    expect(spill.path.startsWith(`${dir}/`)).toBe(true);
    expect((await stat(spill.path)).mode & 0o777).toBe(0o600);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    expect([spill.bytes, spill.cutBytes]).toEqual([(await stat(spill.path)).size, 0]);
    expect(problems).toEqual([]);
  });

  it('is not made without output', async () => {
    const spills = new SpillDirectory({ dir, onProblem });
    await spills.open('a').close();
    await expect(readdir(dir)).rejects.toThrow('ENOENT');
  });

  it('keeps the first bytes up to its bound and tells how many it has not', async () => {
    const spill = new SpillDirectory({ dir, maxBytesEach: 10, onProblem }).open('a');
    spill.write('12345678');
    spill.write('9abcdef');
    spill.write('more');
    await spill.close();
    expect(await readFile(spill.path, 'utf8')).toBe('123456789a');
    expect([spill.bytes, spill.cutBytes]).toEqual([10, 9]);
  });

  it('is one of its own when the same execution is opened again', async () => {
    const spills = new SpillDirectory({ dir, onProblem });
    const [first, second] = [spills.open('a'), spills.open('a')];
    first.write('first');
    second.write('second');
    await spills.close();
    expect(await readFile(first.path, 'utf8')).toBe('first');
    expect(await readFile(second.path, 'utf8')).toBe('second');
  });

  it('makes the producer wait for the disk', async () => {
    const spill = new SpillDirectory({ dir, onProblem }).open('a');
    spill.write(new Uint8Array(3 * 1024 * 1024));
    await spill.ready();
    expect((await stat(spill.path)).size).toBe(3 * 1024 * 1024);
    await spill.close();
  });
});

describe('the spill directory', () => {
  it('removes the oldest files over the bound, never one that is being written', async () => {
    const spills = new SpillDirectory({ dir, maxBytesTotal: 1000, onProblem });
    const running = spills.open('running');
    running.write('x'.repeat(400));
    await expect.poll(() => stat(running.path).then((info) => info.size)).toBe(400);
    await utimes(running.path, 0, 0);
    const names = ['old', 'older', 'oldest'];
    for (const [age, name] of names.entries()) {
      const spill = spills.open(name);
      spill.write('y'.repeat(200));
      await spill.close();
      await utimes(spill.path, age, 1000 - age);
    }
    await writeFile(join(dir, 'not-ours.txt'), 'z'.repeat(5000));
    const last = spills.open('last');
    last.write('z'.repeat(300));
    await last.close();
    expect((await readdir(dir)).map((name) => name.split(/[-.]/)[0]).sort()).toEqual([
      'last',
      'not',
      'old',
      'running',
    ]);
    running.write('more');
    await running.close();
    expect(await readFile(running.path, 'utf8')).toMatch(/^x{400}more$/);
  });

  it('counts what earlier sessions left', async () => {
    const before = new SpillDirectory({ dir, onProblem }).open('before');
    before.write('x'.repeat(900));
    await before.close();
    const spill = new SpillDirectory({ dir, maxBytesTotal: 1000, onProblem }).open('now');
    spill.write('y'.repeat(200));
    await spill.close();
    expect(await readdir(dir)).toHaveLength(1);
  });

  it('tells once that output is not kept, and takes it all the same', async () => {
    await writeFile(dir, 'a file where the directory should be');
    const spills = new SpillDirectory({ dir, onProblem });
    const [one, two] = [spills.open('one'), spills.open('two')];
    one.write('12345');
    two.write('12345');
    await Promise.all([one.ready(), two.ready()]);
    await spills.close();
    one.write('678');
    await one.close();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^The output is not kept in .*EEXIST|ENOTDIR/);
    expect([one.bytes, one.cutBytes]).toEqual([0, 8]);
    await rm(dir);
    const later = spills.open('later');
    later.write('again');
    await later.close();
    expect(await readFile(later.path, 'utf8')).toBe('again');
  });
});
