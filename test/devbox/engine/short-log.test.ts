import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ShortLog } from '../../../src/devbox/engine/spool/short-log.ts';
import { Spool } from '../../../src/devbox/engine/spool/spool.ts';
import { readOnce } from './read-once.ts';

const MIB = 2 ** 20;

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'nsh-short-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('latin1');

test('another process finds what was appended, whatever is in it, and nothing of what was forgotten', () => {
  const path = join(folder(), 'log');
  const log = new ShortLog(path);
  log.append('a.stdout', Buffer.from('one\n'));
  log.append('b.stdout', Buffer.from('a.stdout 0 3\nxyz\n\0'));
  log.append('a.stdout', Buffer.from('two'));
  log.append('c.stderr', Buffer.from('gone'));
  log.forget('b.stdout');
  expect(text(log.read('a.stdout'))).toBe('one\ntwo');
  // The first process is killed here.
  const next = new ShortLog(path);
  expect([...next.keys()].sort()).toEqual(['a.stdout', 'b.stdout', 'c.stderr']);
  expect(text(next.read('a.stdout'))).toBe('one\ntwo');
  expect(text(next.read('b.stdout'))).toBe('a.stdout 0 3\nxyz\n\0');
  next.append('a.stdout', Buffer.from('!'));
  expect(text(new ShortLog(path).read('a.stdout'))).toBe('one\ntwo!');
  expect(next.read('none')).toBeUndefined();
});

test('a record that a kill cut short is dropped, wherever it was cut, and the log goes on', () => {
  const path = join(folder(), 'log');
  new ShortLog(path).append('a.stdout', Buffer.from('whole'));
  const whole = statSync(path).size;
  new ShortLog(path).append('a.stdout', Buffer.from(' and cut'));
  const both = statSync(path).size;
  for (let size = both - 1; size >= whole; size--) {
    truncateSync(path, size);
    const log = new ShortLog(path);
    expect(text(log.read('a.stdout'))).toBe('whole');
    log.append('b.stdout', Buffer.from('next'));
    expect(text(new ShortLog(path).read('b.stdout'))).toBe('next');
    truncateSync(path, whole);
    appendFileSync(path, 'a.stdout 5 8\n and cut\n');
  }
});

test('what belongs to nobody is not kept for ever, and the rest outlives the rewriting', () => {
  const dir = folder();
  const path = join(dir, 'log');
  const log = new ShortLog(path);
  const bytes = Buffer.alloc(4000, 'x');
  for (let n = 0; n < 50; n++) log.append(`kept-${n}`, Buffer.from(`output ${n}`));
  for (let n = 0; n < 6000; n++) {
    log.append(`old-${n}`, bytes);
    log.forget(`old-${n}`);
    if (n % 100 === 0) log.append('kept-7', Buffer.from('.'));
  }
  expect(statSync(path).size).toBeLessThan(6 * MIB);
  expect(readdirSync(dir)).toEqual(['log']);
  for (const one of [log, new ShortLog(path)]) {
    expect(text(one.read('kept-49'))).toBe('output 49');
    expect(text(one.read('kept-7'))).toBe(`output 7${'.'.repeat(60)}`);
  }
});

test('a short durable spool makes no file; one that grows does, and a kill at any moment between loses nothing', async () => {
  const dir = folder();
  const log = () => new ShortLog(join(dir, 'log'));
  const first = log();
  const options = (of: ShortLog) => ({
    path: join(dir, 'x.stdout'),
    durable: true,
    short: of.output('x.stdout'),
  });
  const spool = new Spool(options(first));
  spool.append(Buffer.alloc(3000, 'a'));
  expect(readdirSync(dir)).toEqual(['log']);
  const reopened = async () => {
    const again = Spool.open(options(log()));
    return Buffer.from(await readOnce(again, 0, MIB)).toString();
  };
  expect(await reopened()).toBe('a'.repeat(3000));
  // Killed when the file was made, and when it had a part.
  for (const part of [0, 1000]) {
    writeFileSync(join(dir, 'x.stdout.0'), 'a'.repeat(part));
    expect(await reopened()).toBe('a'.repeat(3000));
    const onward = Spool.open(options(log()));
    onward.append(Buffer.alloc(3000, 'b'));
    await onward.flush();
    expect(await reopened()).toBe(`${'a'.repeat(3000)}${'b'.repeat(3000)}`);
    rmSync(join(dir, 'x.stdout.0'));
    rmSync(join(dir, 'log'));
    const fresh = log();
    fresh.append('x.stdout', Buffer.alloc(3000, 'a'));
  }
});

test('a spool that outgrew the log is whole in its files, and the log forgets it', async () => {
  const dir = folder();
  const log = new ShortLog(join(dir, 'log'));
  const options = { path: join(dir, 'x'), durable: true, short: log.output('x') };
  const spool = new Spool(options);
  spool.append(Buffer.alloc(4000, 'a'));
  expect([...log.keys()]).toEqual(['x']);
  spool.append(Buffer.alloc(4000, 'b'));
  await spool.flush();
  expect([...log.keys()]).toEqual([]);
  spool.end();
  const again = Spool.open(options);
  expect([again.size, again.ended]).toEqual([8000, true]);
  await again.dispose();
  expect(readdirSync(dir)).toEqual(['log']);
});

test('where the log cannot be written, a file of its own is', async () => {
  const dir = folder();
  const log = new ShortLog('/nosuch/folder/log');
  const spool = new Spool({ path: join(dir, 'x'), durable: true, short: log.output('x') });
  spool.append(Buffer.from('text'));
  await spool.flush();
  expect(spool.failure).toBeUndefined();
  expect(readdirSync(dir)).toEqual(['x.0']);
});
