import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Spool, SpoolTrimmedError } from '../../../src/devbox/engine/spool/spool.ts';
import { readOnce } from './read-once.ts';

const MIB = 2 ** 20;

function newSpool(capBytes?: number): { spool: Spool; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'nsh-spool-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'out');
  return { spool: new Spool(capBytes === undefined ? { path } : { path, capBytes }), folder };
}

async function readFrom(spool: Spool, offset: number, step = 100_000): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for (let at = offset; at < spool.size; ) {
    const part = await readOnce(spool, at, step);
    expect(part.length).toBeGreaterThan(0);
    at += part.length;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

test('a small output: copied, read anywhere, never on disk', async () => {
  const { spool, folder } = newSpool();
  const chunk = Buffer.from('hello ');
  spool.append(chunk);
  chunk.fill(0);
  spool.append(Buffer.from('world\n'));
  expect(Buffer.from(await readOnce(spool, 0, 100)).toString()).toBe('hello world\n');
  expect(Buffer.from(await readOnce(spool, 6, 3)).toString()).toBe('wor');
  expect(await readOnce(spool, 12, 100)).toHaveLength(0);
  spool.end();
  expect([spool.size, spool.start, spool.ended]).toEqual([12, 0, true]);
  expect(readdirSync(folder)).toEqual([]);
});

test('a large one: every byte, while it is written and after, by readers at their own pace', async () => {
  const { spool, folder } = newSpool();
  const data = randomBytes(12 * MIB + 17);
  let at = 0;
  const slow = (async () => {
    const parts: Uint8Array[] = [];
    for (let read = 0; !spool.ended || read < spool.size; ) {
      if (read >= spool.size) {
        await spool.changed();
        continue;
      }
      const part = await readOnce(spool, read, 70_001);
      read += part.length;
      parts.push(part);
    }
    return Buffer.concat(parts);
  })();
  while (at < data.length) {
    spool.append(data.subarray(at, at + 65_536));
    at += 65_536;
    if (at % (4 * 65_536) === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await readFrom(spool, 0)).equals(data)).toBe(true);
  spool.end();
  expect((await slow).equals(data)).toBe(true);
  expect((await readFrom(spool, 5 * MIB + 3)).equals(data.subarray(5 * MIB + 3))).toBe(true);
  expect(readdirSync(folder)).toEqual(['out.0']);
  await spool.dispose();
  expect(readdirSync(folder)).toEqual([]);
  await expect(readOnce(spool, 0, 1)).rejects.toThrow(SpoolTrimmedError);
});

test('faster than the disk: nothing is lost', async () => {
  const { spool } = newSpool();
  const data = randomBytes(50 * MIB);
  // One turn of the event loop: no asynchronous write can get done.
  for (let at = 0; at < data.length; at += 65_536) spool.append(data.subarray(at, at + 65_536));
  spool.end();
  expect(spool.start).toBe(0);
  expect((await readFrom(spool, 0, MIB)).equals(data)).toBe(true);
});

test.each([100_000, MIB, 3 * MIB])('a cap of %d bytes: the oldest go, and that is reported', async (cap) => {
  const { spool, folder } = newSpool(cap);
  const data = randomBytes(10 * MIB);
  for (let at = 0; at < data.length; at += 10_000) {
    spool.append(data.subarray(at, at + 10_000));
    expect(spool.size - spool.start).toBeLessThanOrEqual(cap + MIB);
    if (at % 500_000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  spool.end();
  expect(spool.size).toBe(data.length);
  expect(spool.start).toBeGreaterThan(data.length - cap - MIB);
  expect((await readFrom(spool, spool.start)).equals(data.subarray(spool.start))).toBe(true);
  await expect(readOnce(spool, spool.start - 1, 10)).rejects.toThrow(`it starts at ${spool.start} now`);
  expect((await spool.tail(1e9)).truncated).toBe(true);
  await spool.dispose();
  expect(readdirSync(folder)).toEqual([]);
});

test('a disk that does not take it: the newest stay readable, and the failure is told', async () => {
  const spool = new Spool({ path: '/nosuch/folder/out' });
  const data = randomBytes(3 * MIB);
  for (let at = 0; at < data.length; at += 65_536) spool.append(data.subarray(at, at + 65_536));
  spool.end();
  expect(spool.failure?.message).toContain('ENOENT');
  expect((await readFrom(spool, spool.start)).equals(data)).toBe(true);
});

test('tail', async () => {
  const { spool } = newSpool();
  const tail = async (lines: number) => {
    const { bytes, truncated } = await spool.tail(lines);
    return [Buffer.from(bytes).toString(), truncated];
  };
  expect(await tail(5)).toEqual(['', false]);
  spool.append(Buffer.from('one\ntwo\n\nthree'));
  expect(await tail(0)).toEqual(['', true]);
  expect(await tail(1)).toEqual(['three', true]);
  expect(await tail(2)).toEqual(['\nthree', true]);
  expect(await tail(4)).toEqual(['one\ntwo\n\nthree', false]);
  expect(await tail(99)).toEqual(['one\ntwo\n\nthree', false]);
  spool.append(Buffer.from('\n'));
  expect(await tail(1)).toEqual(['three\n', true]);
  const lines = Array.from({ length: 400_000 }, (_, index) => `line ${index}\n`);
  spool.append(Buffer.from(lines.join('')));
  expect(await tail(30_000)).toEqual([lines.slice(-30_000).join(''), true]);
});

test('changed: all who wait wake at the next append or end; abort rejects', async () => {
  const { spool } = newSpool();
  const woken = Promise.all([spool.changed(), spool.changed(new AbortController().signal)]);
  spool.append(Buffer.from('x'));
  await woken;
  const abort = new AbortController();
  const aborted = spool.changed(abort.signal);
  abort.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');
  await expect(spool.changed(abort.signal)).rejects.toThrow('enough');
  const end = spool.changed();
  spool.end();
  await end;
  await spool.changed();
});

test('a durable one is on disk at once, and another process goes on with it', async () => {
  const { folder } = newSpool();
  const options = { path: join(folder, 'kept'), durable: true };
  const first = new Spool(options);
  first.append(Buffer.from('one\n'));
  // The first process is killed here: nothing is flushed, nothing ended.
  const second = Spool.open(options);
  expect([second.size, second.start, second.ended]).toEqual([4, 0, false]);
  second.append(Buffer.from('two\n'));
  expect((await readFrom(second, 0)).toString()).toBe('one\ntwo\n');
  second.end();
  await second.flush();
  const third = Spool.open(options);
  expect([third.size, third.ended]).toEqual([8, true]);
  expect((await readFrom(third, 2)).toString()).toBe('e\ntwo\n');
  third.append(Buffer.from('ignored'));
  expect(third.size).toBe(8);
  await third.dispose();
  expect(readdirSync(folder)).toEqual([]);
  const none = Spool.open(options);
  expect([none.size, none.start, none.ended]).toEqual([0, 0, false]);
});

test.each([undefined, 3 * MIB])(
  'a durable flood (cap %s): flushed, reopened, every byte it still holds',
  async (cap) => {
    const { folder } = newSpool();
    const options = {
      path: join(folder, 'kept'),
      durable: true,
      ...(cap === undefined ? {} : { capBytes: cap }),
    };
    const spool = new Spool(options);
    const data = randomBytes(20 * MIB);
    for (let at = 0; at < data.length; at += 65_536) {
      spool.append(data.subarray(at, at + 65_536));
      if (at % (16 * 65_536) === 0) await new Promise((resolve) => setImmediate(resolve));
      // What a process killed here would leave: a part from the front without a gap, and not far behind.
      if (at % (32 * 65_536) === 0) {
        const left = Spool.open(options);
        expect(spool.size - left.size).toBeLessThanOrEqual(16 * MIB);
      }
    }
    await spool.flush();
    const reopened = Spool.open(options);
    expect([reopened.size, reopened.start]).toEqual([spool.size, spool.start]);
    expect((await readFrom(reopened, reopened.start)).equals(data.subarray(reopened.start))).toBe(true);
    await reopened.dispose();
  },
);

test('flush tells nobody that a disk has taken what it has not', async () => {
  const spool = new Spool({ path: '/nosuch/folder/out', durable: true });
  spool.append(Buffer.from('text'));
  await spool.flush();
  expect(spool.failure?.message).toContain('ENOENT');
  expect((await readFrom(spool, 0)).toString()).toBe('text');
});
