import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CastWriter } from '../../../src/repl/output/asciicast.ts';
import { createRecorder } from '../../../src/repl/runtime/record/recorder.ts';
import { parseCast } from '../../helpers/asciicast.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nsh-recorder-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const size = { columns: 80, rows: 24 };
const atOnce = async () => {};

function recorder() {
  const problems: string[] = [];
  const onProblem = (message: string) => void problems.push(message);
  return { ...createRecorder({ terminal: 'xterm-256color', title: 'nsh main', onProblem }), problems };
}

test('intervals are relative, in plain decimals, and their rounding never adds up', () => {
  const writer = new CastWriter();
  const times = Array.from({ length: 10_000 }, (_, index) => index / 3);
  const text = times.map((at) => writer.event({ code: 'o', data: 'x' }, at)).join('');
  const header = writer.header({ ...size, terminal: 'xterm', beganAt: 1_504_467_315_999, title: '\ud800' });
  const cast = parseCast(header + text);
  expect(cast.header).toMatchObject({ timestamp: 1_504_467_315, title: '\ufffd' });
  expect(cast.events.at(-1)?.at).toBeCloseTo((times.at(-1) ?? 0) / 1000, 5);
  expect(writer.event({ code: 'o', data: 'a\ud800\x1b' }, 0)).toBe('[0.0, "o", "a\ufffd\\u001b"]\n');
});

test('what is written, each new size and the end are recorded, and nothing before and after', async () => {
  const cast = path.join(folder, 'one.cast');
  const { begin, wrote, resized, end } = recorder();
  wrote('before');
  await begin(
    cast,
    () => size,
    async () => wrote('meanwhile'),
  );
  wrote('\x1b[1mé');
  resized(size);
  resized({ columns: 60, rows: 20 });
  wrote('🙂\n');
  expect(await end(3)).toBeGreaterThan(0);
  wrote('after');
  expect(await end()).toBeUndefined();
  const { header, events } = parseCast(await readFile(cast, 'utf8'));
  expect(header.term).toEqual({ cols: 80, rows: 24, type: 'xterm-256color' });
  expect(events.map(({ code, data }) => [code, data])).toEqual([
    ['o', '\x1b[1mé'],
    ['r', '60x20'],
    ['o', '🙂\r\n'],
    ['x', '3'],
  ]);
  expect((await stat(cast)).mode & 0o777).toBe(0o600);
});

test('nothing is overwritten, also through a link; what cannot be written is said once and ends it', async () => {
  const kept = path.join(folder, 'kept');
  await writeFile(kept, 'mine');
  await symlink(path.join(folder, 'nowhere'), path.join(folder, 'link'));
  const { begin, wrote, end, problems } = recorder();
  for (const name of ['kept', 'link']) {
    await expect(begin(path.join(folder, name), () => size, atOnce)).rejects.toThrow(/is there already/);
  }
  await expect(begin(path.join(folder, 'no/such'), () => size, atOnce)).rejects.toThrow('ENOENT');
  wrote('x');
  expect(await readFile(kept, 'utf8')).toBe('mine');

  const cast = path.join(folder, 'too-much.cast');
  await begin(cast, () => size, atOnce);
  for (let written = 0; written < 70; written++) wrote('x'.repeat(1024 * 1024));
  wrote('more');
  expect(await end(0)).toBeUndefined();
  expect(problems).toEqual([
    `${cast} could not be written: the disk does not keep up. The recording ended there.`,
  ]);
});
