import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CutMiddle } from '../../../src/repl/output/cut-middle.ts';
import { markdownFence } from '../../../src/repl/output/markdown.ts';
import { SpillDirectory } from '../../../src/repl/output/spill-directory.ts';
import { exportTranscript } from '../../../src/repl/runtime/blocks/export-transcript.ts';
import { KeptBlocks } from '../../../src/repl/runtime/blocks/kept-block.ts';

const completed = { kind: 'completed', reason: 'exited', message: undefined, cwd: '/' } as const;
const exited = (exitStatus: number, durationMs: number) =>
  ({ ...completed, exitStatus, durationMs, freshShell: false }) as const;

async function session() {
  const folder = await mkdtemp(path.join(tmpdir(), 'nsh-export-'));
  const spills = new SpillDirectory({ dir: path.join(folder, 'spill'), onProblem: () => undefined });
  const kept = new KeptBlocks(spills);
  const sources = () =>
    [1, 2, 3].flatMap((number) => {
      const block = kept.get(number);
      const explain = () => 'the devbox is gone';
      return block === undefined ? [] : [{ name: `#${number}`, block, execution: undefined, explain }];
    });
  return {
    kept,
    file: path.join(folder, 'session.md'),
    async export(file: string) {
      await spills.close();
      const { signal } = new AbortController();
      return exportTranscript({ path: file, title: 'main *on* local', blocks: sources(), signal });
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

test('commands with output, exit and timing; fences hold, escapes are gone, long output is cut and told of', async () => {
  await using place = await session();
  const fenced = place.kept.open({
    number: 1,
    name: '#1',
    command: 'cat <<E\n```\n\x1b]0;evil\x07E',
    elsewhere: false,
  });
  fenced.write('stdout', '```sh\n\x1b[31mred\x1b[0m\x1b]52;c;eA==\x07\n````\n10%\r20%\n');
  fenced.write('stderr', 'oops');
  place.kept.ended(1, exited(2, 3100));
  place.kept.late(1)?.write('stdout', 'a job\n');
  const long = place.kept.open({ number: 2, name: '#2', command: 'seq 100000', elsewhere: true });
  for (let line = 1; line <= 100_000; line++) long.write('stdout', `${line}\n`);
  place.kept.ended(2, exited(0, 200));
  place.kept.open({ number: 3, name: '#3', command: 'true', elsewhere: false });
  place.kept.ended(3, exited(0, 10));

  const size = await place.export(place.file);
  const text = await readFile(place.file, 'utf8');
  expect(size).toBe(Buffer.byteLength(text));
  const iso = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';
  expect(text).toMatch(
    new RegExp(`^# main \\\\\\*on\\\\\\* local\\n\\n3 commands, exported ${iso}\\n\\n## 1 · `),
  );
  expect(text).toMatch(
    new RegExp(`## 1 · ✗ exit 2 · 3\\.1s\\n\\nBegan ${iso}\\.\\n\\n\`{4}sh\\ncat <<E\\n\`{3}\\n`),
  );
  expect(text).toContain('`````text\n```sh\nred\n````\n20%\noops\n`````\n');
  expect(text).toContain('Later, from its background jobs:\n\n```text\na job\n```\n');
  expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f]/);
  expect(text).toContain(
    '## 2 · ✓ 0.2s\n\nSent by another session.\n\n```sh\nseq 100000\n```\n\n```text\n1\n2\n',
  );
  const left = /([\d,]+) bytes are left out here; `:show 2` has them/.exec(text)?.[1]?.replaceAll(',', '');
  const numbers = text.match(/^\d+$/gm)?.map(Number) ?? [];
  const kept = numbers.reduce((sum, number) => sum + String(number).length + 1, 0);
  expect(kept + Number(left)).toBe(Array.from({ length: 100_000 }, (_, n) => `${n + 1}\n`).join('').length);
  expect(numbers.at(-1)).toBe(100_000);
  expect(text).toMatch(/## 3 · ✓ \d+ms\n\nBegan \S+\n\n```sh\ntrue\n```\n$/);
});

test('nothing is overwritten, and what cannot be written leaves no half of a file', async () => {
  await using place = await session();
  await writeFile(place.file, 'mine');
  await expect(place.export(place.file)).rejects.toThrow(/is there already, and nothing is overwritten/);
  expect(await readFile(place.file, 'utf8')).toBe('mine');
  await expect(place.export(path.join(place.file, 'x.md'))).rejects.toThrow('ENOTDIR');
});

test('a fence holds any text, and a cut loses nothing that it does not count', () => {
  const piece = fc.oneof(fc.string(), fc.constantFrom('```', '\n', '`````\n', 'é🙂', 'line\n'.repeat(9)));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.integer({ min: 4, max: 200 }), (pieces, most) => {
      const text = pieces.join('').toWellFormed();
      const [first = '', ...rest] = markdownFence(text, 'text').trimEnd().split('\n');
      const fence = first.slice(0, -'text'.length);
      expect(rest.indexOf(fence)).toBe(rest.length - 1);
      const cut = new CutMiddle(most);
      for (const part of pieces) cut.write(part.toWellFormed());
      const { head, tail, cutBytes } = cut.end();
      if (cutBytes === 0) expect(head + tail).toBe(text);
      else if (!/[\ud800-\udfff]/.test(text)) {
        expect(text.startsWith(head) && text.endsWith(tail)).toBe(true);
        expect(Buffer.byteLength(head + tail) + cutBytes).toBe(Buffer.byteLength(text));
      }
    }),
    { numRuns: 500, ...(process.env.NSH_SEED ? { seed: Number(process.env.NSH_SEED) } : {}) },
  );
});
