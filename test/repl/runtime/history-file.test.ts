import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  historyPath,
  type LoadCount,
  openHistoryFile,
} from '../../../src/repl/runtime/history/history-file.ts';
import { encodeFileName } from '../../../src/repl/runtime/history/history-file-name.ts';

let stateDir: string;
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'history-'));
});
afterEach(() => rm(stateDir, { recursive: true }));

const open = (options: { shell?: string; maxBytes?: number } = {}) =>
  openHistoryFile({ path: historyPath(stateDir, 'local', options.shell ?? 'main'), ...options });
const ALL = { keep: 100_000 };
const commandsOf = async (file = open(), count: LoadCount = ALL) =>
  (await file.load(count)).entries.map((entry) => entry.cmd);

describe('the history file', () => {
  it('is empty at first, then has what was appended, in order, in another session too', async () => {
    const file = open();
    expect(await file.load(ALL)).toEqual({ entries: [] });
    const entries = [
      { t: 1, cmd: 'ls' },
      { t: 2, cmd: 'for i in 1\ndo echo "$i"\ndone', cwd: '/tmp', exit: 0 },
      { t: 3, cmd: 'echo ä\u2028\ud83d', exit: 3 },
    ];
    const problems = await Promise.all(entries.map((entry) => file.append(entry)));
    expect(problems).toEqual([undefined, undefined, undefined]);
    expect(await open().load(ALL)).toEqual({ entries });
    expect((await readFile(file.path, 'utf8')).split('\n')).toHaveLength(4);
  });

  it('is for its user alone', async () => {
    const file = open();
    await file.append({ t: 1, cmd: 'ls' });
    expect((await stat(file.path)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(file.path))).mode & 0o777).toBe(0o700);
    await chmod(file.path, 0o644);
    await file.append({ t: 2, cmd: 'ls' });
    expect((await stat(file.path)).mode & 0o777).toBe(0o600);
  });

  it('does not keep commands with a leading space, nor blank ones', async () => {
    const file = open();
    for (const cmd of [' secret', '', '\n\t', 'kept']) await file.append({ t: 1, cmd });
    expect(await commandsOf()).toEqual(['kept']);
  });

  it('has equal commands in a row once, as the newest', async () => {
    const file = open();
    const commands = ['a', 'b', 'b', 'b', 'a'];
    for (const [t, cmd] of commands.entries()) await file.append({ t, cmd, exit: t });
    expect((await file.load(ALL)).entries).toEqual([
      { t: 0, cmd: 'a', exit: 0 },
      { t: 3, cmd: 'b', exit: 3 },
      { t: 4, cmd: 'a', exit: 4 },
    ]);
  });

  it('completes an entry that is appended again', async () => {
    const file = open();
    await file.append({ t: 1, cmd: 'make', cwd: '/src' });
    await file.append({ t: 2, cmd: 'ls' });
    await file.append({ t: 1, cmd: 'make', exit: 2 });
    expect((await file.load(ALL)).entries).toEqual([
      { t: 1, cmd: 'make', cwd: '/src', exit: 2 },
      { t: 2, cmd: 'ls' },
    ]);
  });

  it('has what several REPLs noted as run elsewhere once, and as typed when one of them typed it, with the end that any saw', async () => {
    const file = open();
    await file.append({ t: 1, cmd: 'theirs', id: 'x', elsewhere: true });
    await file.append(
      { t: 3, cmd: 'typed', id: 'y', elsewhere: true, exit: 4 },
      { t: 3, cmd: 'theirs', id: 'x', elsewhere: true },
    );
    await file.append({ t: 2, cmd: 'typed' });
    await file.append({ t: 2, cmd: 'typed', id: 'y' });
    expect((await file.load(ALL)).entries).toEqual([
      { t: 1, cmd: 'theirs', id: 'x', elsewhere: true },
      { t: 2, cmd: 'typed', id: 'y', exit: 4 },
    ]);
  });

  it('reads no more than the newest when it is asked for those, and removes nothing then', async () => {
    const day = 24 * 60 * 60 * 1000;
    await open().append({ t: 1, cmd: 'first' }, { t: 2, cmd: 'last' });
    const old = open().path.replace('main.jsonl', `main.${Date.now() - 3 * day}-1.jsonl`);
    await writeFile(old, '{"t":0,"cmd":"oldest"}\n');
    expect((await open().load({ newest: 1 })).entries.map(({ cmd }) => cmd)).toEqual(['last']);
    expect(await commandsOf()).toEqual(['oldest', 'first', 'last']);
  });

  it('tolerates torn and foreign lines, and loses nothing after them', async () => {
    const file = open();
    await file.append({ t: 1, cmd: 'first' });
    const garbage = ['\0\xff', '[]', 'null', '{"t":"1","cmd":"x"}', '{"t":1,"cmd":""}', '{"t":1}', '7', '{'];
    await appendFile(
      file.path,
      `${garbage.join('\n')}\n\n{"t":2,"cmd":"x","cwd":7,"exit":"1"}\n{"t":3,"cmd":"to`,
    );
    await file.append({ t: 4, cmd: 'last' });
    expect((await file.load(ALL)).entries).toEqual([
      { t: 1, cmd: 'first' },
      { t: 2, cmd: 'x' },
      { t: 4, cmd: 'last' },
    ]);
  });

  it('loads the newest entries up to the limit', async () => {
    const file = open();
    for (let t = 0; t < 10; t++) await file.append({ t, cmd: `c${t}` });
    expect(await commandsOf(file, { keep: 3 })).toEqual(['c7', 'c8', 'c9']);
  });

  it('sets a grown file aside and still reads it, in order', async () => {
    for (let t = 0; t < 30; t++) {
      const file = open({ maxBytes: 100 });
      await file.load(ALL);
      await file.append({ t, cmd: `c${t}` });
    }
    expect(await commandsOf()).toEqual(Array.from({ length: 30 }, (_, t) => `c${t}`));
    expect((await readdir(dirname(open().path))).length).toBeGreaterThan(3);
    expect((await stat(open().path)).size).toBeLessThan(200);
  });

  it('removes a segment that is no longer needed once nobody can be writing to it', async () => {
    const dir = dirname(open().path);
    await mkdir(dir, { recursive: true });
    const day = 24 * 60 * 60 * 1000;
    const segment = (since: number, cmd: string) =>
      writeFile(join(dir, `main.${since}-1.jsonl`), `{"t":${since},"cmd":"${cmd}"}\n`);
    const now = Date.now();
    await segment(now - 3 * day, 'oldest');
    await segment(now - 2 * day, 'old');
    await segment(now - 1000, 'recent');
    await writeFile(join(dir, 'main%2E1-1.jsonl'), '{"t":1,"cmd":"of another shell"}\n');
    await open().append({ t: now, cmd: 'new' });
    expect(await commandsOf(open(), { keep: 3 })).toEqual(['old', 'recent', 'new']);
    expect(await readdir(dir)).toHaveLength(4);
    await open().load({ keep: 1 });
    expect(await commandsOf()).toEqual(['recent', 'new']);
  });

  it('tells a problem once, as a value', async () => {
    await writeFile(join(stateDir, 'history'), 'a file where the directory should be');
    const file = open();
    const problem = await file.append({ t: 1, cmd: 'ls' });
    expect(problem).toMatch(
      /^The history of this shell cannot be written \(.*main\.jsonl\): .*(ENOTDIR|EEXIST)/,
    );
    expect(await file.append({ t: 2, cmd: 'ls' })).toBeUndefined();
    expect(await file.load(ALL)).toEqual({ entries: [] });
    expect((await open().load(ALL)).problem).toMatch(/^The history of this shell cannot be read/);
    await rm(join(stateDir, 'history'));
    await file.append({ t: 3, cmd: 'again' });
    expect(await commandsOf()).toEqual(['again']);
  });

  it('is settled when every append is on the disk', async () => {
    const file = open();
    for (let t = 0; t < 20; t++) void file.append({ t, cmd: `c${t}` });
    await file.settled();
    expect(await commandsOf()).toHaveLength(20);
  });

  it('keeps shells apart', async () => {
    const shells = [
      'main',
      'Main',
      'ma/in',
      '../main',
      '..',
      '.',
      '',
      'main.1-1',
      'é',
      'e\u0301',
      'a'.repeat(5000),
    ];
    for (const shell of shells) await open({ shell }).append({ t: 1, cmd: shell || 'empty' });
    for (const shell of shells) expect(await commandsOf(open({ shell }))).toEqual([shell || 'empty']);
    expect(await readdir(join(stateDir, 'history'))).toEqual(['local']);
  });
});

describe('encodeFileName', () => {
  it.each([
    ['main', 'main'],
    ['my shell', 'my%20shell'],
    ['A', '%41'],
    ['../x', '%2E%2E%2Fx'],
    ['ä\n', '%C3%A4%0A'],
  ])('%j is %j', (name, encoded) => {
    expect(encodeFileName(name)).toBe(encoded);
  });

  it('gives every name one of its own, safe and short', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ unit: fc.constantFrom('\ud800', '\udc00', 'a') }),
    );
    fc.assert(
      fc.property(name, name, (one, other) => {
        expect(encodeFileName(one)).toMatch(/^[a-z0-9_%A-F~-]{1,120}$/);
        expect(encodeFileName(one) === encodeFileName(other)).toBe(one === other);
      }),
    );
  });
});
